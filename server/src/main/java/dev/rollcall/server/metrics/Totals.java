package dev.rollcall.server.metrics;

/**
 * What has happened since the start.
 *
 * @param joins users who joined
 * @param leaves users who left, for whatever cause but a timeout
 * @param timeouts users who timed out
 * @param requests requests answered
 * @param deliveries subscribes answered
 * @param refused requests answered with a status of 400 or more
 */
public record Totals(long joins, long leaves, long timeouts, long requests, long deliveries, long refused) {
    /**
     * The same a second.
     *
     * @param joins users who joined
     * @param leaves users who left, for whatever cause but a timeout
     * @param timeouts users who timed out
     * @param requests requests answered
     * @param deliveries subscribes answered
     * @param refused requests answered with a status of 400 or more
     */
    public record Rates(
            double joins, double leaves, double timeouts, double requests, double deliveries, double refused) {
        /** Nothing happened. */
        public static final Rates NONE = new Rates(0, 0, 0, 0, 0, 0);
    }

    /** Returns what happened a second since there were {@code before}, so many milliseconds ago. */
    public Rates since(Totals before, long millis) {
        double seconds = Math.max(1, millis) / 1e3;
        return new Rates(
                (joins - before.joins) / seconds,
                (leaves - before.leaves) / seconds,
                (timeouts - before.timeouts) / seconds,
                (requests - before.requests) / seconds,
                (deliveries - before.deliveries) / seconds,
                (refused - before.refused) / seconds);
    }
}
