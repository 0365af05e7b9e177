package dev.rollcall.server.route;

import dev.rollcall.engine.Engine;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.InvalidValueException;
import dev.rollcall.protocol.JsonWriter;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.access.Operation;
import dev.rollcall.server.http.Response;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Channel groups: everything under {@code /v1/channel-registration/sub-key/{key}}. A legacy namespace is part of the name of its groups,
 * {@code namespace:group}.
 */
final class GroupRoute implements Route {
    private static final int KEY = 3;
    private static final int FIRST = 4;
    private static final char NAMESPACE_END = ':';

    private final Gateway gateway;

    GroupRoute(Gateway gateway) {
        this.gateway = gateway;
    }

    @Override
    public void serve(Call call) {
        Path path = call.path;
        if (!path.is(2, "sub-key") && !path.is(2, "sub_key") || path.size() <= FIRST) {
            throw Router.notFound();
        }
        call.is(Operation.LIST_GROUPS);
        SubscribeKey key = gateway.key(call, KEY);
        if (path.is(FIRST, "channel-group")) {
            serveGroups(call, key, "", FIRST + 1);
        } else if (!path.is(FIRST, "namespace")) {
            throw Router.notFound();
        } else if (path.size() == FIRST + 1) {
            listNamespaces(call, key);
        } else if (path.segment(FIRST + 1).isEmpty()) {
            // Nothing is not a namespace: as one, it would have all groups that are in none.
            throw new InvalidValueException("namespace: empty (expected: the name of a namespace)");
        } else if (path.is(FIRST + 2, "remove") && path.size() == FIRST + 3) {
            deleteNamespace(call, key, path.segment(FIRST + 1));
        } else if (path.is(FIRST + 2, "channel-group")) {
            serveGroups(call, key, path.segment(FIRST + 1), FIRST + 3);
        } else {
            throw Router.notFound();
        }
    }

    /** Serves what follows {@code channel-group}, from the path segment {@code index} on. */
    private void serveGroups(Call call, SubscribeKey key, String namespace, int index) {
        Path path = call.path;
        if (path.size() == index) {
            call.requireGet();
            listGroups(call, key, namespace);
        } else if (path.size() == index + 1) {
            call.requireGet();
            String name = path.segment(index);
            ChannelGroup group = group(namespace, name);
            List<Channel> added = Call.channels(call.query.names("add"));
            List<Channel> removed = Call.channels(call.query.names("remove"));
            if (call.query.get("add") == null && call.query.get("remove") == null) {
                list(call, key, namespace, name, group);
            } else {
                change(call, key, group, added, removed);
            }
        } else if (path.size() == index + 2 && path.is(index + 1, "remove")) {
            call.is(Operation.CHANGE_GROUP);
            call.requireGet();
            ChannelGroup group = group(namespace, path.segment(index));
            gateway.admit(call, key, List.of(), List.of(group), call.user());
            call.respondWhen(gateway.engine().deleteGroup(key, group), done -> Replies.GROUP_CHANGED);
        } else {
            throw Router.notFound();
        }
    }

    private static ChannelGroup group(String namespace, String name) {
        var group = new ChannelGroup(namespace.isEmpty() ? name : namespace + NAMESPACE_END + name);
        if (group.isPresence()) {
            throw new InvalidValueException("channel group: " + name + " (expected: no -pnpres at the end)");
        }
        return group;
    }

    private void list(Call call, SubscribeKey key, String namespace, String name, ChannelGroup group) {
        gateway.admit(call, key, List.of(), List.of(group), call.user());
        gateway.respondWhen(call, gateway.engine().group(key, group), channels -> {
            JsonWriter out = beginPayload(192).raw("\"channels\":");
            writeArray(out, channels.stream().map(Channel::name).toList());
            out.raw(",\"group\":").string(name);
            if (!namespace.isEmpty()) {
                out.raw(",\"namespace\":").string(namespace);
            }
            return endPayload(out);
        });
    }

    private void change(Call call, SubscribeKey key, ChannelGroup group, List<Channel> added, List<Channel> removed) {
        call.is(Operation.CHANGE_GROUP);
        gateway.admit(call, key, List.of(), List.of(group), call.user());
        if (added.isEmpty() && removed.isEmpty()) {
            throw new InvalidValueException("add, remove: empty (expected: a channel)");
        }
        Engine engine = gateway.engine();
        CompletionStage<Void> change =
                added.isEmpty() ? engine.removeFromGroup(key, group, removed) : engine.addToGroup(key, group, added);
        if (!added.isEmpty() && !removed.isEmpty()) {
            change = change.thenCompose(done -> engine.removeFromGroup(key, group, removed));
        }
        call.respondWhen(change, done -> Replies.GROUP_CHANGED);
    }

    private void listGroups(Call call, SubscribeKey key, String namespace) {
        gateway.admit(call, key, List.of(), List.of(), call.user());
        gateway.respondWhen(call, gateway.engine().groups(key), groups -> {
            JsonWriter out = beginPayload(192).raw("\"namespace\":").string(namespace);
            out.raw(",\"groups\":");
            writeArray(
                    out,
                    groups.stream()
                            .map(ChannelGroup::name)
                            .filter(name -> namespace(name).equals(namespace))
                            .map(name -> namespace.isEmpty() ? name : name.substring(namespace.length() + 1))
                            .toList());
            return endPayload(out);
        });
    }

    private void listNamespaces(Call call, SubscribeKey key) {
        call.requireGet();
        gateway.admit(call, key, List.of(), List.of(), call.user());
        gateway.respondWhen(call, gateway.engine().groups(key), groups -> {
            var namespaces = new TreeSet<String>();
            groups.forEach(group -> namespaces.add(namespace(group.name())));
            namespaces.remove("");
            JsonWriter out = beginPayload(192).raw("\"sub_key\":").string(key.value());
            out.raw(",\"namespaces\":");
            writeArray(out, List.copyOf(namespaces));
            return endPayload(out);
        });
    }

    private void deleteNamespace(Call call, SubscribeKey key, String namespace) {
        call.is(Operation.CHANGE_GROUP);
        call.requireGet();
        gateway.admit(call, key, List.of(), List.of(), call.user());
        Engine engine = gateway.engine();
        CompletionStage<Void> deleted = engine.groups(key).thenCompose(groups -> {
            CompletionStage<@Nullable Void> all = CompletableFuture.completedStage(null);
            for (ChannelGroup group : groups) {
                if (namespace(group.name()).equals(namespace)) {
                    all = all.thenCompose(done -> engine.deleteGroup(key, group));
                }
            }
            return all;
        });
        call.respondWhen(deleted, done -> Replies.GROUP_CHANGED);
    }

    private static String namespace(String name) {
        int end = name.indexOf(NAMESPACE_END);
        return end < 0 ? "" : name.substring(0, end);
    }

    private JsonWriter beginPayload(int capacity) {
        return gateway.writer(capacity).raw("{\"status\":200,\"payload\":{");
    }

    private static Response endPayload(JsonWriter out) {
        return Replies.groups(
                out.raw("},\"service\":\"channel-registry\",\"error\":false}").toByteArray());
    }

    private static void writeArray(JsonWriter out, List<String> names) {
        out.raw('[');
        String separator = "";
        for (String name : names) {
            out.raw(separator).string(name);
            separator = ",";
        }
        out.raw(']');
    }
}
