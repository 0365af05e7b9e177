package dev.rollcall.engine.embedded.roster;

/** Something that counts how often something happens to it: a mean over about ten seconds, in eight bytes. Guarded by its owner's lock. */
abstract class Paced {
    /** What a second leaves of what was counted before it. */
    private static final float KEPT = 0.9f;

    /** After so many seconds nothing is left. */
    private static final int LONGEST = 200;

    private float sum;
    private int second;

    /** Counts one. */
    final void countEvent(long nowMillis) {
        sum = sumAt(nowMillis) + 1;
        second = (int) (nowMillis / 1000);
    }

    /** Returns how many there were a second. */
    public final double eventsPerSecond(long nowMillis) {
        return sumAt(nowMillis) * (1 - KEPT);
    }

    private float sumAt(long nowMillis) {
        int passed = Math.max(0, (int) (nowMillis / 1000) - second);
        if (passed == 0) {
            return sum;
        }
        return passed >= LONGEST ? 0 : (float) (sum * Math.pow(KEPT, passed));
    }
}
