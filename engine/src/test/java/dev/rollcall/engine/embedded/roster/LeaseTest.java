package dev.rollcall.engine.embedded.roster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.contract.ManualTime;
import dev.rollcall.engine.embedded.feed.FeedWriter;
import dev.rollcall.engine.embedded.feed.TimetokenSource;
import dev.rollcall.engine.embedded.table.UserKey;
import dev.rollcall.engine.embedded.work.Aftermath;
import dev.rollcall.engine.embedded.work.Failures;
import dev.rollcall.engine.events.EventLog;
import dev.rollcall.engine.kick.BanTable;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jol.info.ClassLayout;
import org.openjdk.jol.vm.VM;

/** A {@link Lease} gives back whose it is, mistakes nobody for another, and takes no more memory than it was laid out for. */
class LeaseTest {
    private static final String SAMPLE = "0f8fad5b-d9cb-469f-a165-70867728950e";

    @ParameterizedTest
    @ValueSource(
            strings = {
                SAMPLE,
                "0F8FAD5B-D9CB-469F-A165-70867728950E",
                "0f8fad5b-d9cb-469f-a165-70867728950g",
                "0f8fad5bxd9cb-469f-a165-70867728950e",
                "ffffffff-ffff-ffff-ffff-ffffffffffff",
                "00000000-0000-0000-0000-000000000000",
                "0f8fad5b-d9cb-469f-a165-7086772895éé",
                "alice",
                "Zoë",
                "\uD83D\uDE00",
                "a"
            })
    void userId_isGivenBack(String id) {
        UserKey key = key(id);

        Lease lease = lease(key);

        assertThat(lease.userId()).isEqualTo(new UserId(id));
        assertThat(lease.isOf(key(id))).isTrue();
        assertThat(lease.userHash()).isEqualTo(key.hash);
    }

    @ParameterizedTest
    @CsvSource({
        SAMPLE + ", 0f8fad5b-d9cb-469f-a165-70867728950f",
        SAMPLE + ", 1f8fad5b-d9cb-469f-a165-70867728950e",
        SAMPLE + ", 0F8FAD5B-D9CB-469F-A165-70867728950E",
        SAMPLE + ", 00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff, zfffffff-ffff-ffff-ffff-ffffffffffff",
        "00000000-0000-0000-0000-000000000000, alice",
        "alice, alicf",
        "alice, alic",
        "Zoë, Zoe"
    })
    void isOf_tellsUsersApart(String id, String other) {
        assertThat(lease(key(id)).isOf(key(other))).isFalse();
        assertThat(lease(key(other)).isOf(key(id))).isFalse();
    }

    @Test
    void of_keepsAUuidInTheLease() {
        assertThat(lease(key(SAMPLE))).isInstanceOf(UuidLease.class);
        assertThat(lease(key("alice"))).isInstanceOf(NamedLease.class);
    }

    /** Counted without the header, whose size the JVM and its flags decide. */
    @Test
    void layout_isWhatAnOccupantMayCost() {
        System.out.println(VM.current().details());
        ClassLayout ofUuid = layout(UuidLease.class);
        ClassLayout ofName = layout(NamedLease.class);

        assertThat(ofUuid.instanceSize() - ofUuid.headerSize()).isLessThanOrEqualTo(64);
        assertThat(ofName.instanceSize() - ofName.headerSize()).isLessThanOrEqualTo(52);
    }

    private static ClassLayout layout(Class<?> type) {
        ClassLayout layout = ClassLayout.parseClass(type);
        System.out.println(layout.toPrintable());
        return layout;
    }

    private static UserKey key(String id) {
        return UserKey.of(new UserId(id));
    }

    private static Lease lease(UserKey user) {
        ManualTime time = new ManualTime();
        Keyset keyset = new Keyset(new SubscribeKey("demo"), KeysetSettings.DEFAULT, MemoryBudget.unlimited(), 0);
        Channel channel = new Channel("lobby");
        FeedWriter writer = new FeedWriter(new TimetokenSource(time));
        EngineListener listener = new EngineListener() {};
        Presence presence = new Presence(
                time,
                listener,
                new UserIndex(1),
                new BanTable(),
                new Announcer(
                        writer, time, listener, new EventLog(time, MemoryBudget.unlimited(), () -> 0, failure -> {})),
                new Notices(writer, (ofKeyset, name, payload) -> {}));
        Failures failures = new Failures(listener, time);
        Shard shard = new Shard(0, time, presence, new Aftermath(null, failures), failures);
        ChannelEntry entry = new ChannelEntry(shard, keyset, channel, ChannelEntry.hash(keyset, channel.name()));
        return Lease.of(new Roster(entry, Set.of()), user, 300, null);
    }
}
