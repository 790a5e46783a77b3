export type Sections = {
  readonly [section: string]: { readonly [option: string]: string | number | boolean };
};

/** The text of a configuration file as oslo.config and tempest read it. */
export const iniText = (sections: Sections): string =>
  Object.entries(sections)
    .map(([name, section]) => {
      const lines = Object.entries(section).map(([option, value]) => `${option} = ${textOf(value)}\n`);
      return `[${name}]\n${lines.join('')}`;
    })
    .join('\n');

const textOf = (value: string | number | boolean): string =>
  typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
