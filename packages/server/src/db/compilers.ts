import { type FunctionNode, PostgresQueryCompiler, SqliteQueryCompiler } from 'kysely';
import { EACH_NUMBER, EACH_TEXT } from './query/each-of.ts';

/** SQLite's query language, with {@link eachOf} lists read by `json_each`. */
export class SqliteCompiler extends SqliteQueryCompiler {
  protected override visitFunction(node: FunctionNode): void {
    if (node.func !== EACH_TEXT && node.func !== EACH_NUMBER) {
      super.visitFunction(node);
      return;
    }
    this.append('(select value from json_each(');
    this.compileList(node.arguments);
    this.append('))');
  }
}

/** PostgreSQL's query language, with {@link eachOf} lists read by `json_array_elements_text`. */
export class PostgresCompiler extends PostgresQueryCompiler {
  protected override visitFunction(node: FunctionNode): void {
    if (node.func !== EACH_TEXT && node.func !== EACH_NUMBER) {
      super.visitFunction(node);
      return;
    }
    this.append(node.func === EACH_NUMBER ? '(select each::bigint from ' : '(select each from ');
    this.append('json_array_elements_text(');
    this.compileList(node.arguments);
    this.append('::json) each)');
  }
}
