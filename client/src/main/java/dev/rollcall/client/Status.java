package dev.rollcall.client;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a call ended, or how the connection fares.
 *
 * @param category what kind of news this is
 * @param operation what the request was for
 * @param httpStatus the HTTP status of the answer, 0 if there was none
 * @param affectedChannels the channels concerned, without presence channels
 * @param affectedChannelGroups the channel groups concerned
 * @param error what went wrong, or null if nothing did
 * @param goesOn whether the client goes on by itself: listening to something, or trying to. After {@link Category#ACCESS_DENIED} false
 *     means that nothing is left to listen to until {@link RollcallClient#token}, {@link RollcallClient#reconnect} or a subscribe
 */
public record Status(
        Category category,
        Operation operation,
        int httpStatus,
        List<String> affectedChannels,
        List<String> affectedChannelGroups,
        @Nullable RollcallException error,
        boolean goesOn) {
    /** Copies the lists. */
    public Status {
        requireNonNull(category, "category");
        requireNonNull(operation, "operation");
        affectedChannels = List.copyOf(affectedChannels);
        affectedChannelGroups = List.copyOf(affectedChannelGroups);
    }

    /** As the other, with what the category says of {@link #goesOn}: all but the two kinds of disconnect go on. */
    public Status(
            Category category,
            Operation operation,
            int httpStatus,
            List<String> affectedChannels,
            List<String> affectedChannelGroups,
            @Nullable RollcallException error) {
        this(
                category,
                operation,
                httpStatus,
                affectedChannels,
                affectedChannelGroups,
                error,
                category != Category.DISCONNECTED && category != Category.UNEXPECTED_DISCONNECT);
    }

    /** Returns this with another answer to whether the client goes on. */
    public Status goingOn(boolean whether) {
        return new Status(category, operation, httpStatus, affectedChannels, affectedChannelGroups, error, whether);
    }

    /** Returns news without a failure. */
    public static Status of(Category category, Operation operation, List<String> channels, List<String> groups) {
        return new Status(category, operation, 0, channels, groups, null);
    }

    /** Returns a failure as news. */
    public static Status failed(RollcallException error) {
        return failed(error.category(), error);
    }

    /** Returns the news {@code category} with the failure that caused it. */
    public static Status failed(Category category, RollcallException error) {
        return new Status(
                category,
                error.operation(),
                error.httpStatus(),
                error.affectedChannels(),
                error.affectedChannelGroups(),
                error);
    }

    /** Returns whether this is bad news. */
    public boolean isError() {
        return error != null || category.isError();
    }
}
