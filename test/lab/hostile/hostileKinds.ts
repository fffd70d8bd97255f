import { hostileValues } from '../../node/restore/hostile.js';

/**
 * Hostile values by kind. What escapes from its quotes makes the file `canary`, or one beside it: a value that names it does so in
 * full, since nobody knows in which directory it would run.
 */
export const hostileKinds = (canary: string): Readonly<Record<string, readonly string[]>> => {
  const touch = `touch ${canary}`;
  return {
    substitution: [`$(${touch})`, `\`${touch}\``, `$(\`${touch}\`)`, `"$(${touch})"`, `'$(${touch})'`, `$\{x:-$(${touch})}`, `$\{x:=\`${touch}\`}`, `$((x[$(${touch})]))`, `\\$(${touch})`, `\\\`${touch}\\\``, `<(${touch})`, `$(<${canary})`],
    quotes: [`'; ${touch}; '`, `"; ${touch}; "`, `'"'; ${touch}; '"'`, `\\'; ${touch}; \\'`, `'\\''; ${touch}; '\\''`, `$'\\x27; ${touch}'`, `$"; ${touch}"`, `''`, `'`, `"`, '""', '\\"', '\\\\', '\\', `\u2018; ${touch}; \u2019`, `\u02bc; ${touch}`],
    separators: [`; ${touch}`, `& ${touch}`, `&& ${touch}`, `| ${touch}`, `|| ${touch}`, `;; ${touch} ;;`, `) ${touch} (`, `}; ${touch}; {`, `done; ${touch}; do`, `fi; ${touch}; if :; then`, `esac; ${touch}; case x in`, `# ${touch}`, `! ${touch}`],
    redirections: [`> ${canary}`, `>>${canary}`, `<> ${canary}`, `9>${canary}`, `&>${canary}`, `>|${canary}`, `<<END_OF_TEXT`, 'END_OF_TEXT', `<<<$(${touch})`],
    lines: [`\n${touch}\n`, `x\n${touch}`, `x\r\n${touch}\r\n`, `\r${touch}`, `END_OF_TEXT\n${touch}\n`, `x\n}\n${touch}\n{`, `#\n${touch}`, `\\\n${touch}`, `\u2028${touch}`, `\u0085${touch}`, `\v${touch}`, `\f${touch}`],
    blanks: ['\t', ' ', '  both  ', 'a\tb', '\ta', 'a b', ' -rf /nonexistent', '\u00a0', '\u3000', '\u200b', `a\t${touch}`],
    fieldSplitting: ['$IFS', `$\{IFS}touch$\{IFS}${canary}`, `IFS=/;${touch}`, `{touch,${canary}}`, 'IFS=x', `x\u00a0touch\u00a0${canary}`],
    options: ['-', '--', '-rf', '-e', '-n', '-c', `-c ${touch}`, '--help', '--version', '--reference=/etc/passwd', '--target-directory=/tmp', '-exec', '-delete', '-ok', '-oProxyCommand=x', `-oProxyCommand=${touch}`, `--checkpoint-action=exec=${touch}`, `--rsh=${touch}`, '-i', '-w'],
    patterns: ['*', '?', '[a-z]*', '[!x]', '{a,b}', '{1..99999}', '~', '~root', '~+', '**', '/*', '!(x)', '@(x)', '[[:alpha:]]*', '[', ']', '^', '$'],
    variables: ['$HOME', '$0', '$@', '$*', '$#', '$$', '$!', '$?', '$-', '$_', '${PATH}', '$dataDir', '$target', '%PATH%', '!!', '!$'],
    environment: ['PATH=/tmp', 'LD_PRELOAD=/tmp/x.so', 'LD_LIBRARY_PATH=/tmp', 'BASH_ENV=/tmp/x', 'ENV=/tmp/x', 'IFS=,', 'PS4=$(id)', `BASH_FUNC_mv%%=() { ${touch}; }`, `() { :;}; ${touch}`, 'LC_ALL=C', 'GOTRACEBACK=crash', 'ETCD_NAME=other'],
    traversal: ['..', '.', '...', '../..', '../../../../etc/passwd', '/../../etc/shadow', 'x/../../y', './/.//x', '..\\..\\x', '%2e%2e%2f', '..%c0%af', '/dev/null', '/proc/self/mem', '/etc/shadow', 'file:///etc/passwd', '~/../../etc'],
    outcomes: ['@HOLDS', '@HOLDS\tx=y', '\n@HOLDS\n', '@PATH_EXISTS\tpath=x', '@ENDED\tid=0\tcode=0', '\n@ENDED\tid=0\tcode=0\n', '@BEGUN\tboot=x', '@PART\tsize=0\tsha256=x', 'fact\tuid\t0', '\nfact\tmember\tdirectory 0 0 0', 'fact\tetcdutl\t9.9.9\trestore,bump\tx86_64\t/tmp/x', 'journal\tyes\trestore-x.journal', '@STILL_RUNNING\thost=other\tpids=1', 'step 1: done', '{container}', '{name}', '{host}'],
    formats: ['%s', '%n', '%s%s%s%s%n', '%d', '%x', '%99999d', '%%', '%b', '%q', '\\n', '\\0', '\\c', '\\x41', '\\101', '\\e[0m', '\\u0041'],
    awkAndSed: ['\\/', '\\&', '&', '\\1', '/e', `/;w ${canary}`, `#e ${touch}`, `"; system("${touch}"); "`, `{ system("${touch}") }`, 's/x/y/e', '.*', '(', ')', '+', '\\<', '[^'],
    terminal: ['\u001b[31mred\u001b[0m', '\u001b]0;title\u0007', '\u001b[2J\u001b[H', `\u001b]52;c;${Buffer.from(touch).toString('base64')}\u0007`, '\u001bP+q\u001b\\', '\u009b31m', '\b\b\b\b', '\u0007', '\u007f', '\u0001'],
    unicode: ['\u202e\u202dtxt.exe', '\u2066x\u2069', '\u200f', '\u061c', '\ufeff', 'u\u0308ni\u0308', '\u00fcn\u00ef \u2713 \ud83c\udf9b', '\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67', '\u0430dmin', '\uff04\uff08touch\uff09', '\u037e', '\uffff', '\ufffd'],
    unfit: ['\0', 'a\0b', `\0${touch}`, '\ud800', 'x\udfffy'],
    long: ['a'.repeat(255), 'a'.repeat(256), 'b'.repeat(5_000), `${'x'.repeat(4_000)}$(${touch})`, `'${'"'.repeat(2_000)}`, '../'.repeat(500), '\ud83d\ude00'.repeat(400), `${'$('.repeat(200)}${touch}${')'.repeat(200)}`],
    yaml: [': ', '- x', '- - x', '{x: y}', '[x', '&a *a', '*a', '!!python/object/apply:os.system', `!!js/function "${touch}"`, '|', '>', '? x', '@x', '%YAML 1.2', '---', '...', '"', `'`, 'yes', '0x10', '~', '!!binary aGk=', '<<: *a', '\u0085x'],
    urls: ['http://', 'https://-x:2379', `https://$(${touch}):2379`, `https://h:2379/$(${touch})`, 'https://h:2379;id', 'https://u:p@h:2379', 'file:///etc/passwd', 'unix:///run/x', 'https://[::1', 'https://h:99999', 'https://h:2379,https://i:2379', 'https://h:2379\thttps://i', 'javascript:alert(1)', '[x](command:workbench.action.quit)', 'https://h:2379#', '//h', 'https://127.1:2379', 'https://h:2379\\@i'],
    made: hostileValues(canary, 120).slice(-40),
  };
};

/** All of them, each once, and of which kind each is. */
export function allHostile(canary: string): readonly { readonly kind: string; readonly value: string }[] {
  const seen = new Set<string>();
  return Object.entries(hostileKinds(canary)).flatMap(([kind, values]) => values.filter(value => !seen.has(value) && seen.add(value)).map(value => ({ kind, value })));
}

/** Whether a value can be an argument of a script behind SSH: what cannot is refused before anything is sent. */
export const isSendable = (value: string): boolean => !/[\0\n\r]/.test(value) && value.isWellFormed();

/** The value as what a file can be called, however odd: all but `/` and NUL, and room for what is put before and behind it. */
export function oddFileName(value: string): string {
  const name = value.toWellFormed().replaceAll('\0', '').replaceAll('/', '\u2215');
  let short = '';
  for (const each of name) if (Buffer.byteLength(short + each) <= 160) short += each;
  return /^\.{0,2}$/.test(short) ? `x${short}` : short;
}
