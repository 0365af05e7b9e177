package dev.rollcall.sdktests;

import java.util.List;
import java.util.Map;

/**
 * One device of one user: a client of the SDK under test, in the words of the suite. Payloads and states are JSON values
 * as Java knows them: maps, lists, strings, booleans, {@code Long} or {@code Double}.
 */
public interface SdkClient extends AutoCloseable {

    String userId();

    /** Returns what its listeners were told so far. */
    Heard heard();

    /** Returns the server's timetoken. */
    long time();

    /** Adds to what it is subscribed to, and returns as soon as the SDK reports that it is connected. */
    void subscribe(Subscription subscription);

    /** Takes from what it is subscribed to; the SDK says goodbye. */
    void unsubscribe(Subscription subscription);

    /** Drops its connections without a goodbye and connects again, subscribed to the same. */
    void reconnect();

    /** Ends without a goodbye, as a device does that lost its network. */
    void vanish();

    /** Publishes and returns the timetoken. */
    long publish(String channel, Object content);

    /** Publishes by POST and returns the timetoken. */
    long publishByPost(String channel, Object content);

    /** Sends a signal and returns its timetoken. */
    long signal(String channel, Object content);

    HereNow hereNow(HereNowRequest request);

    /** Returns the channels that {@code userId} is in. */
    List<String> whereNow(String userId);

    /** Sets the state of {@code userId} and returns what the server says it is now. */
    Map<String, Object> setState(String userId, List<String> channels, List<String> groups, Map<String, Object> state);

    /** Returns the states of {@code userId} by channel. */
    Map<String, Map<String, Object>> state(String userId, List<String> channels, List<String> groups);

    void addToGroup(String group, String... channels);

    void removeFromGroup(String group, String... channels);

    List<String> channelsOfGroup(String group);

    void deleteGroup(String group);

    /** Ends the client. No goodbye is needed. */
    @Override
    void close();
}
