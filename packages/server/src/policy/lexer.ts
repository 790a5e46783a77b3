/** A token of the rule language. `check` is one `left:right`, `@` or `!`, still as text. */
export type Token =
  | { readonly kind: '(' | ')' | 'and' | 'or' | 'not' }
  | { readonly kind: 'check'; readonly text: string };

const space = /\s/;

/** End of the word that starts at `start`; a quoted part at the word's start may hold spaces. */
const wordEnd = (text: string, start: number): number => {
  let end = start;
  const quote = text[start];
  if (quote === "'" || quote === '"') {
    const closing = text.indexOf(quote, start + 1);
    end = closing === -1 ? text.length : closing + 1;
  }
  // Behind the last character is as good as a space.
  while (!space.test(text[end] ?? ' ')) end += 1;
  return end;
};

/** Closing parentheses at the end of a word that belong to no opening one inside it. */
const surplusClosing = (word: string): number => {
  let depth = 0;
  let surplus = 0;
  for (const character of word) {
    if (character === '(') depth += 1;
    else if (character === ')' && depth > 0) depth -= 1;
    else if (character === ')') surplus += 1;
  }
  let trailing = 0;
  while (trailing < surplus && word[word.length - 1 - trailing] === ')') trailing += 1;
  return trailing;
};

const wordToken = (word: string): Token => {
  const lower = word.toLowerCase();
  if (lower === 'and' || lower === 'or' || lower === 'not') return { kind: lower };
  return { kind: 'check', text: word };
};

/** Rule text → tokens. Never throws: what makes no sense is the parser's to refuse. */
export const tokenize = (text: string): readonly Token[] => {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (space.test(text.charAt(at))) {
      at += 1;
    } else if (text[at] === '(') {
      tokens.push({ kind: '(' });
      at += 1;
    } else {
      const end = wordEnd(text, at);
      const word = text.slice(at, end);
      const closing = surplusClosing(word);
      const bare = word.slice(0, word.length - closing);
      if (bare !== '') tokens.push(wordToken(bare));
      for (let index = 0; index < closing; index += 1) tokens.push({ kind: ')' });
      at = end;
    }
  }
  return tokens;
};
