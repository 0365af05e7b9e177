package dev.rollcall.client.call;

import dev.rollcall.client.Category;
import dev.rollcall.client.Envelope;
import dev.rollcall.client.HereNowChannel;
import dev.rollcall.client.HereNowResult;
import dev.rollcall.client.Operation;
import dev.rollcall.client.Status;
import dev.rollcall.client.rest.ApiRequest;
import dev.rollcall.client.rest.Caller;
import dev.rollcall.client.rest.WireNames;
import dev.rollcall.protocol.Limits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/** A here-now of more names than one address holds, as several whose answers become one. */
final class HereNowParts {
    /** What an address may need besides: a longer token. */
    private static final int SLACK = 256;

    private HereNowParts() {}

    /**
     * Returns the requests that name everything that {@code request} does: itself if an address holds it.
     *
     * @param make makes a request of channels and groups
     */
    static List<ApiRequest<HereNowResult>> of(
            ApiRequest<HereNowResult> request,
            BiFunction<List<String>, List<String>, ApiRequest<HereNowResult>> make,
            Caller caller) {
        int count = request.channels().size() + request.groups().size();
        if (length(request, caller) <= Limits.URI_BYTES && count <= Limits.CHANNELS_PER_REQUEST) {
            return List.of(request);
        }
        int room = Limits.URI_BYTES - SLACK - length(make.apply(List.of(), List.of("-")), caller);
        List<ApiRequest<HereNowResult>> parts = new ArrayList<>();
        for (List<String> part : parts(request.channels(), room)) {
            parts.add(make.apply(part, List.of()));
        }
        for (List<String> part : parts(request.groups(), room)) {
            parts.add(make.apply(List.of(), part));
        }
        return parts;
    }

    private static int length(ApiRequest<?> request, Caller caller) {
        return caller.encode(request).uri().toString().length();
    }

    private static List<List<String>> parts(List<String> names, int room) {
        List<List<String>> parts = new ArrayList<>();
        int free = 0;
        for (String name : names) {
            int needed = WireNames.encodedLength(name);
            List<String> last = parts.isEmpty() ? List.of() : parts.get(parts.size() - 1);
            if (parts.isEmpty() || needed > free || last.size() == Limits.CHANNELS_PER_REQUEST) {
                last = new ArrayList<>();
                parts.add(last);
                free = room;
            }
            last.add(name);
            free -= needed;
        }
        return parts;
    }

    /** Sends them one after the other, as long as they do well; cancelling the result drops the one under way. */
    static CompletableFuture<Envelope<HereNowResult>> send(List<ApiRequest<HereNowResult>> parts, Caller caller) {
        CompletableFuture<Envelope<HereNowResult>> result = new CompletableFuture<>();
        next(parts, 0, new LinkedHashMap<>(), caller, result);
        return result;
    }

    private static void next(
            List<ApiRequest<HereNowResult>> parts,
            int index,
            Map<String, HereNowChannel> found,
            Caller caller,
            CompletableFuture<Envelope<HereNowResult>> result) {
        if (result.isDone()) {
            return;
        }
        CompletableFuture<Envelope<HereNowResult>> exchange = caller.send(parts.get(index));
        result.whenComplete((done, failure) -> {
            if (result.isCancelled()) {
                exchange.cancel(true);
            }
        });
        exchange.whenComplete((envelope, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failure);
                return;
            }
            // A channel may be asked for by its name and by a group.
            envelope.result().channels().forEach(channel -> found.put(channel.name(), channel));
            if (index + 1 < parts.size()) {
                next(parts, index + 1, found, caller, result);
            } else {
                result.complete(whole(parts, found, envelope.status().httpStatus()));
            }
        });
    }

    private static Envelope<HereNowResult> whole(
            List<ApiRequest<HereNowResult>> parts, Map<String, HereNowChannel> found, int httpStatus) {
        List<HereNowChannel> channels = List.copyOf(found.values());
        int occupancy = channels.stream().mapToInt(HereNowChannel::occupancy).sum();
        List<String> askedChannels =
                parts.stream().flatMap(part -> part.channels().stream()).toList();
        List<String> askedGroups =
                parts.stream().flatMap(part -> part.groups().stream()).toList();
        Status ok =
                new Status(Category.ACKNOWLEDGMENT, Operation.HERE_NOW, httpStatus, askedChannels, askedGroups, null);
        return new Envelope<>(new HereNowResult(channels.size(), occupancy, channels), ok);
    }
}
