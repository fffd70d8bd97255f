import { markdownCode, markdownText, renderMarkdown } from '../../core/cluster/renderTable.js';
import type { Report } from '../../panel/report.js';

/** A report as Markdown, for an incident's notes. */
export function reportMarkdown({ title, subtitle, verdict, sections }: Pick<Report, 'title' | 'subtitle' | 'verdict' | 'sections'>): string {
  const parts = sections.map(section => {
    switch (section.kind) {
      case 'notice': return `> ${markdownText(section.text)}\n`;
      case 'facts': return `## ${section.heading}\n\n${section.facts.map(fact =>
        `- ${fact.label}: ${fact.code === true ? markdownCode(fact.value) : markdownText(fact.value)}${fact.hint === undefined ? '' : ` (${markdownText(fact.hint)})`}`).join('\n')}\n`;
      case 'table': return `## ${section.heading}\n\n${renderMarkdown({ columns: section.columns.map(column => column.title), rows: section.rows.map(row => row.map(text => ({ text }))) })}`;
    }
  });
  return [`# ${markdownText(title)}\n`, `${markdownCode(subtitle)}\n`, `**${markdownText(verdict.text)}**\n`, ...parts].join('\n');
}
