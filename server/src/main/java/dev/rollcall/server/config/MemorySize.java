package dev.rollcall.server.config;

/** Reads how much memory something may take: a number of bytes, or a part of the heap. */
final class MemorySize {
    private static final long LEAST = 1 << 20;
    private static final int MOST_PERCENT = 90;

    private MemorySize() {}

    /**
     * Returns the bytes that {@code text} stands for.
     *
     * @throws ConfigException if it is neither, less than a mebibyte, or more than nine tenths of the heap
     */
    static long parse(Setting setting, String text) {
        long heap = Runtime.getRuntime().maxMemory();
        long most = heap / 100 * MOST_PERCENT;
        try {
            long bytes = text.endsWith("%")
                    ? heap
                            / 100
                            * Integer.parseInt(
                                    text.substring(0, text.length() - 1).strip())
                    : Long.parseLong(text);
            if (bytes >= LEAST && bytes <= most) {
                return bytes;
            }
        } catch (NumberFormatException e) {
            // complained of below
        }
        throw ConfigReader.wrong(
                setting,
                text,
                LEAST + ".." + most + " bytes, or a part of the heap such as 60%, at most " + MOST_PERCENT + "%");
    }
}
