/** Languages people ask for at a bedside in England. The value is the language's own standard code, as FHIR wants it. */
import { valueSet } from './valueSet.ts';

export const spokenLanguages = valueSet('spoken-language', 'Preferred spoken language', [
  ['en', 'English'], ['bfi', 'British Sign Language'], ['sq', 'Albanian'], ['am', 'Amharic'], ['ar', 'Arabic'], ['hy', 'Armenian'],
  ['bn', 'Bengali'], ['syl', 'Sylheti'], ['bg', 'Bulgarian'], ['yue', 'Cantonese'], ['cmn', 'Mandarin'], ['hr', 'Croatian'],
  ['cs', 'Czech'], ['prs', 'Dari'], ['nl', 'Dutch'], ['fa', 'Farsi'], ['fr', 'French'], ['de', 'German'], ['el', 'Greek'],
  ['gu', 'Gujarati'], ['he', 'Hebrew'], ['hi', 'Hindi'], ['hu', 'Hungarian'], ['ig', 'Igbo'], ['it', 'Italian'], ['ckb', 'Kurdish, Sorani'],
  ['lv', 'Latvian'], ['ln', 'Lingala'], ['lt', 'Lithuanian'], ['ml', 'Malayalam'], ['ne', 'Nepali'], ['ps', 'Pashto'], ['pl', 'Polish'],
  ['pt', 'Portuguese'], ['pa', 'Punjabi'], ['ro', 'Romanian'], ['ru', 'Russian'], ['sk', 'Slovak'], ['so', 'Somali'], ['es', 'Spanish'],
  ['sw', 'Swahili'], ['tl', 'Tagalog'], ['ta', 'Tamil'], ['ti', 'Tigrinya'], ['tr', 'Turkish'], ['tw', 'Twi'], ['uk', 'Ukrainian'],
  ['ur', 'Urdu'], ['vi', 'Vietnamese'], ['cy', 'Welsh'], ['yo', 'Yoruba'], ['other', 'Other (say which)'],
]);
