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

const titles = /^(dr|mr|mrs|ms|miss|mx|prof|professor|sister|sr|rev)\.?$/i;

/** "AO" for "Dr Adaeze Osei": first letters of the first and the last name, titles and whatever is no word left out. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word) && !titles.test(word));
  const chosen = words.length > 1 ? [words[0], words.at(-1)] : words;
  return chosen.map((word) => [...(word ?? '')][0]?.toLocaleUpperCase('en-GB') ?? '').join('');
}
