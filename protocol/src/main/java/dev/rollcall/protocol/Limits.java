package dev.rollcall.protocol;

/** The limits of the protocol, as documented by the hosted service. Sizes are in bytes, lengths in characters (Unicode code points). */
public final class Limits {
    /** Longest channel name, without the {@code -pnpres} suffix. */
    public static final int CHANNEL_LENGTH = 92;

    /** Longest channel group name, without the {@code -pnpres} suffix. */
    public static final int CHANNEL_GROUP_LENGTH = 92;

    /** Longest user id. */
    public static final int USER_ID_LENGTH = 92;

    /** Longest subscribe or publish key. */
    public static final int KEY_LENGTH = 128;

    /** Longest request URI; a longer one is answered with 414. */
    public static final int URI_BYTES = 32 * 1024;

    /** Largest request body, after decompression; a larger one is answered with 413. */
    public static final int BODY_BYTES = 2 * 1024 * 1024;

    /** Largest presence state of one user in one channel, as compact JSON. */
    public static final int STATE_BYTES = 32 * 1024;

    /** Largest message on {@code /publish}, as JSON, unless the keyset says otherwise. */
    public static final int MESSAGE_BYTES = 32 * 1024;

    /** Largest signal payload, as JSON. */
    public static final int SIGNAL_BYTES = 64;

    /** Largest interval event; above it the lists are dropped and {@code here_now_refresh} is set. */
    public static final int INTERVAL_EVENT_BYTES = 30 * 1024;

    /** Most occupants of a channel that one here-now answer lists, and how many it lists when nothing else is asked for. */
    public static final int HERE_NOW_PAGE = 1000;

    /** Most channels and channel groups that one request may name, groups not yet expanded. */
    public static final int CHANNELS_PER_REQUEST = 2000;

    /** Longest presence timeout in seconds; a longer one is clamped. */
    public static final int PRESENCE_TIMEOUT_SECONDS = 3600;

    private Limits() {}

    /** Returns whether the first {@code end} chars of {@code text} are more than {@code most} characters. */
    static boolean isLonger(String text, int end, int most) {
        return end > most && (end > 2 * most || text.codePointCount(0, end) > most);
    }
}
