package dev.rollcall.protocol;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** A request that cannot be served, with the error its client is told. Carries no stack trace: it is an answer, not a defect. */
public final class ProtocolException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final transient List<Channel> channels;
    private final transient List<ChannelGroup> groups;

    /** Makes the error with the text clients know it by. */
    public ProtocolException(ErrorCode code) {
        this(code, code.text());
    }

    /** Makes the error with a text that names the offending value and what was expected. */
    public ProtocolException(ErrorCode code, String message) {
        this(code, message, List.of(), List.of());
    }

    private ProtocolException(ErrorCode code, String message, List<Channel> channels, List<ChannelGroup> groups) {
        super(requireNonNull(message, "message"), null, false, false);
        this.code = requireNonNull(code, "code");
        this.channels = List.copyOf(channels);
        this.groups = List.copyOf(groups);
    }

    /** Returns the refusal of these channels and channel groups, as {@link ErrorCode#FORBIDDEN}. */
    public static ProtocolException forbidden(List<Channel> channels, List<ChannelGroup> groups) {
        return new ProtocolException(ErrorCode.FORBIDDEN, ErrorCode.FORBIDDEN.text(), channels, groups);
    }

    /** Returns what is wrong. */
    public ErrorCode code() {
        return code;
    }

    /** Returns the channels that are refused, and that clients set aside; none where it is not about channels. */
    public List<Channel> channels() {
        return channels;
    }

    /** Returns the channel groups that are refused; none where it is not about channel groups. */
    public List<ChannelGroup> groups() {
        return groups;
    }

    /** Returns the text the client is told. */
    public String text() {
        return requireNonNull(getMessage());
    }
}
