package dev.rollcall.client.rest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.client.Acknowledged;
import dev.rollcall.client.ChannelGroupsResult;
import dev.rollcall.client.ChannelsResult;
import dev.rollcall.client.ClientConfig;
import dev.rollcall.client.GetStateResult;
import dev.rollcall.client.GrantResult;
import dev.rollcall.client.HereNowResult;
import dev.rollcall.client.Operation;
import dev.rollcall.client.PublishResult;
import dev.rollcall.client.SetStateResult;
import dev.rollcall.client.TimeResult;
import dev.rollcall.client.WhereNowResult;
import dev.rollcall.client.wire.PercentEncoding;
import dev.rollcall.protocol.Timetoken;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The paths and parameters of every request. Safe from any thread. */
public final class Requests {
    private final ClientConfig config;
    private final Json json;
    private final String presence;
    private final String registry;
    private final String access;

    /** Makes the requests of one client. */
    public Requests(ClientConfig config, Json json) {
        this.config = config;
        this.json = json;
        String key = PercentEncoding.encode(config.subscribeKey());
        this.presence = "/v2/presence/sub-key/" + key;
        this.registry = "/v1/channel-registration/sub-key/" + key + "/channel-group";
        this.access = "/v3/pam/" + key;
    }

    /** Who is in channels and groups, or in all channels if there are none. */
    public ApiRequest<HereNowResult> hereNow(
            List<String> channels,
            List<String> groups,
            boolean state,
            boolean uuids,
            @Nullable Integer limit,
            int offset) {
        Map<String, String> query = groupQuery(groups);
        if (state) {
            query.put("state", "1");
        }
        if (!uuids) {
            query.put("disable_uuids", "1");
        }
        if (limit != null) {
            query.put("limit", limit.toString());
        }
        if (offset > 0) {
            query.put("offset", Integer.toString(offset));
        }
        boolean global = channels.isEmpty() && groups.isEmpty();
        String path = global ? presence : channelPath(channels);
        return get(Operation.HERE_NOW, path, query, channels, groups, answer -> Answers.hereNow(answer, channels));
    }

    /** In which channels a user is. */
    public ApiRequest<WhereNowResult> whereNow(String uuid) {
        String path = presence + "/uuid/" + PercentEncoding.encode(uuid);
        return get(Operation.WHERE_NOW, path, Map.of(), List.of(), List.of(), Answers::whereNow);
    }

    /** Replaces the state of this user. */
    public ApiRequest<SetStateResult> setState(List<String> channels, List<String> groups, JsonNode state) {
        Map<String, String> query = groupQuery(groups);
        query.put("state", json.text(state));
        String path = channelPath(channels) + "/uuid/"
                + PercentEncoding.encode(config.userId().value()) + "/data";
        return get(Operation.SET_STATE, path, query, channels, groups, Answers::setState);
    }

    /** The state of a user. */
    public ApiRequest<GetStateResult> getState(List<String> channels, List<String> groups, String uuid) {
        String path = channelPath(channels) + "/uuid/" + PercentEncoding.encode(uuid);
        return get(
                Operation.GET_STATE,
                path,
                groupQuery(groups),
                channels,
                groups,
                answer -> Answers.getState(answer, channels, groups));
    }

    /** A sign of life, with states for names. */
    public ApiRequest<Acknowledged> heartbeat(
            List<String> channels, List<String> groups, Map<String, JsonNode> states) {
        Map<String, String> query = presenceQuery(groups, states);
        return get(
                Operation.HEARTBEAT,
                channelPath(channels) + "/heartbeat",
                query,
                channels,
                groups,
                Answers::acknowledged);
    }

    /** Takes this user off. */
    public ApiRequest<Acknowledged> leave(List<String> channels, List<String> groups) {
        return get(
                Operation.UNSUBSCRIBE,
                channelPath(channels) + "/leave",
                groupQuery(groups),
                channels,
                groups,
                Answers::acknowledged);
    }

    /** The first poll of a subscription, answered at once: it registers presence and tells where the feed stands. */
    public ApiRequest<PollAnswer> handshake(List<String> channels, List<String> groups, Map<String, JsonNode> states) {
        Map<String, String> query = presenceQuery(groups, states);
        query.put("tt", "0");
        return poll(channels, groups, query, true);
    }

    /** A poll that is held until something happens after the cursor. */
    public ApiRequest<PollAnswer> poll(List<String> channels, List<String> groups, Timetoken cursor, String region) {
        Map<String, String> query = presenceQuery(groups, Map.of());
        query.put("tt", cursor.toString());
        query.put("tr", region);
        return poll(channels, groups, query, false);
    }

    private ApiRequest<PollAnswer> poll(
            List<String> channels, List<String> groups, Map<String, String> query, boolean atOnce) {
        config.filterExpression().ifPresent(filter -> query.put("filter-expr", filter));
        String path = "/v2/subscribe/" + PercentEncoding.encode(config.subscribeKey()) + '/'
                + WireNames.segment(channels) + "/0";
        return new ApiRequest<>(
                Operation.SUBSCRIBE,
                path,
                query,
                null,
                atOnce ? config.requestTimeout() : config.subscribeTimeout(),
                WireNames.withoutPresence(channels),
                WireNames.withoutPresence(groups),
                Answers::poll);
    }

    /** Puts channels into a group. */
    public ApiRequest<Acknowledged> addChannels(List<String> channels, String group) {
        return edit(Operation.ADD_CHANNELS_TO_GROUP, "add", channels, group);
    }

    /** Takes channels out of a group. */
    public ApiRequest<Acknowledged> removeChannels(List<String> channels, String group) {
        return edit(Operation.REMOVE_CHANNELS_FROM_GROUP, "remove", channels, group);
    }

    private ApiRequest<Acknowledged> edit(Operation operation, String verb, List<String> channels, String group) {
        Map<String, String> query = Map.of(verb, String.join(",", channels));
        return get(operation, groupPath(group), query, channels, List.of(group), Answers::acknowledged);
    }

    /** The channels of a group. */
    public ApiRequest<ChannelsResult> channelsOfGroup(String group) {
        return get(
                Operation.CHANNELS_OF_GROUP,
                groupPath(group),
                Map.of(),
                List.of(),
                List.of(group),
                Answers::channelsOfGroup);
    }

    /** Deletes a group. */
    public ApiRequest<Acknowledged> deleteGroup(String group) {
        String path = groupPath(group) + "/remove";
        return get(Operation.DELETE_GROUP, path, Map.of(), List.of(), List.of(group), Answers::acknowledged);
    }

    /** The groups of the keyset. */
    public ApiRequest<ChannelGroupsResult> channelGroups() {
        return get(Operation.CHANNEL_GROUPS, registry, Map.of(), List.of(), List.of(), Answers::channelGroups);
    }

    /** The time of the service. */
    public ApiRequest<TimeResult> time() {
        return get(Operation.TIME, "/time/0", Map.of(), List.of(), List.of(), Answers::time);
    }

    /** A message, posted or in the address. */
    public ApiRequest<PublishResult> publish(
            String publishKey, String channel, String message, Map<String, String> query, boolean post) {
        String path = feedPath("publish", publishKey, channel);
        if (!post) {
            return get(
                    Operation.PUBLISH,
                    path + '/' + PercentEncoding.encode(message),
                    query,
                    List.of(channel),
                    List.of(),
                    Answers::publish);
        }
        return new ApiRequest<>(
                Operation.PUBLISH,
                path,
                query,
                message,
                config.requestTimeout(),
                List.of(channel),
                List.of(),
                Answers::publish);
    }

    /** A signal. */
    public ApiRequest<PublishResult> signal(
            String publishKey, String channel, String message, Map<String, String> query) {
        String path = feedPath("signal", publishKey, channel) + '/' + PercentEncoding.encode(message);
        return get(Operation.SIGNAL, path, query, List.of(channel), List.of(), Answers::publish);
    }

    private String feedPath(String service, String publishKey, String channel) {
        return '/' + service + '/' + PercentEncoding.encode(publishKey) + '/'
                + PercentEncoding.encode(config.subscribeKey()) + "/0/" + PercentEncoding.encode(channel) + "/0";
    }

    private <R> ApiRequest<R> get(
            Operation operation,
            String path,
            Map<String, String> query,
            List<String> channels,
            List<String> groups,
            ApiRequest.Reader<R> reader) {
        return new ApiRequest<>(operation, path, query, null, config.requestTimeout(), channels, groups, reader);
    }

    private String channelPath(List<String> channels) {
        return presence + "/channel/" + WireNames.segment(channels);
    }

    private String groupPath(String group) {
        return registry + '/' + PercentEncoding.encode(group);
    }

    private static Map<String, String> groupQuery(List<String> groups) {
        Map<String, String> query = new LinkedHashMap<>();
        if (!groups.isEmpty()) {
            query.put("channel-group", String.join(",", groups));
        }
        return query;
    }

    private Map<String, String> presenceQuery(List<String> groups, Map<String, JsonNode> states) {
        Map<String, String> query = groupQuery(groups);
        query.put("heartbeat", Long.toString(config.presenceTimeout().toSeconds()));
        if (!states.isEmpty()) {
            query.put("state", json.text(json.newObject().setAll(states)));
        }
        return query;
    }

    /** Returns how many characters of an address {@code state} takes under {@code name}, its share of the map included. */
    public int stateLength(String name, JsonNode state) {
        return PercentEncoding.encode(json.text(json.newObject().set(name, state)))
                .length();
    }

    /** Grants a token. */
    public ApiRequest<GrantResult> grant(JsonNode body) {
        return new ApiRequest<>(
                Operation.GRANT_TOKEN,
                access + "/grant",
                Map.of(),
                json.text(body),
                config.requestTimeout(),
                List.of(),
                List.of(),
                Answers::grant);
    }

    /** Takes a token back. */
    public ApiRequest<Acknowledged> revoke(String token) {
        return get(
                Operation.REVOKE_TOKEN,
                access + "/grant/" + PercentEncoding.encode(token),
                Map.of(),
                List.of(),
                List.of(),
                Answers::acknowledged);
    }
}
