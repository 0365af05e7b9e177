// Prints one line of JSON for each finished test, for the Java test that runs these, and the figures that tests print.

export default async function* lines(events) {
  for await (const { type, data } of events) {
    if (type === 'test:stdout' && data.message.startsWith('# ')) yield data.message;
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    if (data.details.type === 'suite' || data.nesting === 0) continue;
    const failure = data.details.error?.cause ?? data.details.error;
    const error = type === 'test:fail' ? (failure?.stack ?? String(failure)) : '';
    yield `${JSON.stringify({ name: data.name, seconds: data.details.duration_ms / 1_000, error })}\n`;
  }
}
