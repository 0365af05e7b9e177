package dev.rollcall.engine;

/** The clocks of the machine; the only code of the engine that reads them. */
enum SystemTime implements EngineTime {
    INSTANCE;

    private static final long NANOS_PER_MILLI = 1_000_000;

    @Override
    public long epochMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public long monotonicMillis() {
        return System.nanoTime() / NANOS_PER_MILLI;
    }

    @Override
    public long elapsedMillis() {
        return monotonicMillis() - 1;
    }
}
