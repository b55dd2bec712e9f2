import { z } from 'zod';
import { ColumnUnit } from '../domain/column-unit.ts';
import { Finding } from '../domain/finding.ts';
import { shortList } from '../domain/short-list.ts';
import { maxFixEdits, TextEdit } from '../domain/text-edit.ts';

/**
 * A finding as an agent tells it. Its fix is edits of the file that it is about; the control plane makes a changed
 * file of them, which goes through the same gate as any other. Columns are in `columnUnit`, UTF-16 units when
 * left out; those of related places always are.
 */
export const ReportedFinding = Finding.extend({
  fix: z.strictObject({ edits: shortList(TextEdit, maxFixEdits) }).optional(),
  columnUnit: ColumnUnit.optional(),
});
export type ReportedFinding = z.infer<typeof ReportedFinding>;
