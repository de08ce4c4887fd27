/** How a person's name is written on a banner: the family name in capitals, so that nobody takes one name for the other. */

export interface NameParts {
  readonly familyName: string;
  readonly givenName: string;
  readonly title?: string | undefined;
}

/** "WALKER, Margaret (Mrs)"; a part that is missing is left out. */
export function bannerName({ familyName, givenName, title }: NameParts): string {
  const name = [familyName.trim().toLocaleUpperCase('en-GB'), givenName.trim()].filter((part) => part !== '').join(', ');
  return title?.trim() ? `${name} (${title.trim()})` : name;
}

/** "AO" for "Dr Adaeze Osei": first and last word, titles left out. */
export function initials(name: string): string {
  const words = name.split(/[\s-]+/).filter((word) => word !== '' && !/^(dr|mr|mrs|ms|miss|mx|prof|rev|sister)\.?$/i.test(word));
  const first = words[0] ?? '';
  const last = words.length > 1 ? words.at(-1) ?? '' : '';
  return `${firstCharacter(first)}${firstCharacter(last)}`.toLocaleUpperCase('en-GB');
}

/** The first whole character, which may be two units long. */
const firstCharacter = (word: string): string => /^./u.exec(word)?.[0] ?? '';
