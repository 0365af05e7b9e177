package dev.rollcall.server.access.grant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.engine.memory.MemoryKind;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.access.grant.GrantKey.Kind;
import dev.rollcall.server.store.DataDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableGrantStoreTest {
    private static final SubscribeKey KEY = new SubscribeKey("sub");

    @TempDir
    Path folder;

    private interface Use {
        void with(DurableGrantStore store);
    }

    private void open(Use use) {
        try (DataDirectory directory = DataDirectory.open(folder)) {
            use.with(DurableGrantStore.open(directory, MemoryBudget.unlimited()));
        }
    }

    private static KeyGrant grant(Kind kind, String name, String auth, int mask, long expires) {
        return new KeyGrant(new GrantKey(KEY, kind, name, auth), mask, expires);
    }

    private static void save(DurableGrantStore store, KeyGrant... grants) {
        store.save(List.of(grants)).toCompletableFuture().join();
    }

    @Test
    void save_outlivesTheProcess() {
        KeyGrant odd = grant(Kind.CHANNEL, "a\n,\0é🙂 1", "\nkey 2", 3, 1000);
        KeyGrant keyset = grant(Kind.KEYSET, "", "", 255, KeyGrant.FOREVER);
        open(store -> {
            save(store, odd, keyset, grant(Kind.GROUP, "g", "", 4, 50));
            save(store, grant(Kind.GROUP, "g", "", 0, 50));
            assertThat(store.grant(odd.key())).isEqualTo(odd);
        });
        open(store -> {
            assertThat(store.grants(KEY)).containsExactlyInAnyOrder(odd, keyset);
            assertThat(store.grants(new SubscribeKey("other"))).isEmpty();
        });
    }

    @Test
    void revoke_outlivesTheProcess() {
        open(store -> {
            assertThat(store.isRevoked("id")).isFalse();
            store.revoke(KEY, "id", 1000).toCompletableFuture().join();
            assertThat(store.isRevoked("id")).isTrue();
        });
        open(store -> assertThat(store.isRevoked("id")).isTrue());
    }

    @Test
    void purge_forgetsForGoodWhatExpired() {
        KeyGrant lasting = grant(Kind.CHANNEL, "b", "", 1, 201);
        open(store -> {
            save(store, grant(Kind.CHANNEL, "a", "", 1, 200), lasting);
            store.revoke(KEY, "old", 200).toCompletableFuture().join();
            store.revoke(KEY, "new", 201).toCompletableFuture().join();
            store.purge(200);
        });
        open(store -> {
            assertThat(store.grants(KEY)).containsExactly(lasting);
            assertThat(store.isRevoked("old")).isFalse();
            assertThat(store.isRevoked("new")).isTrue();
        });
    }

    /** A grant made anew while the old one is being forgotten stays, in memory and in the file. */
    @Test
    void purge_leavesWhatWasGrantedAnew() {
        open(store -> {
            List<CompletableFuture<Void>> done = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                save(store, grant(Kind.CHANNEL, "a" + i, "", 1, 100));
                done.add(store.save(List.of(grant(Kind.CHANNEL, "a" + i, "", 1, 300)))
                        .toCompletableFuture());
                store.purge(200);
            }
            done.forEach(CompletableFuture::join);
            assertThat(store.grants(KEY)).hasSize(500);
        });
        open(store -> assertThat(store.grants(KEY)).hasSize(500).allMatch(grant -> grant.expiresSeconds() == 300));
    }

    @Test
    void grants_aboveTheBudgetAreRefusedAndThoseThatAreThereGoOn() {
        int fit = 0;
        MemoryBudget small = new MemoryBudget(100_000);
        try (DataDirectory directory = DataDirectory.open(folder)) {
            DurableGrantStore store = DurableGrantStore.open(directory, small);
            while (small.refusals(MemoryKind.GRANTS) == 0) {
                KeyGrant next = grant(Kind.CHANNEL, "c" + fit, "", 1, 1000);
                try {
                    save(store, next);
                    fit++;
                } catch (ProtocolException e) {
                    assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
                    assertThat(e).hasMessageContaining("memory-budget: no room for more grants");
                    assertThat(store.grant(next.key())).isNull();
                }
            }
            KeyGrant more = grant(Kind.CHANNEL, "c0", "", 3, 2000);
            save(store, more);
            assertThat(store.grant(more.key())).isEqualTo(more);
        }

        MemoryBudget smaller = new MemoryBudget(50_000);
        try (DataDirectory directory = DataDirectory.open(folder)) {
            DurableGrantStore store = DurableGrantStore.open(directory, smaller);
            assertThat(store.grants(KEY)).hasSize(fit);
            assertThat(smaller.used(MemoryKind.GRANTS)).isEqualTo(small.used(MemoryKind.GRANTS));

            store.purge(2000);
            assertThat(smaller.used(MemoryKind.GRANTS)).isZero();
            save(store, grant(Kind.CHANNEL, "c", "", 1, 3000));
            save(store, grant(Kind.CHANNEL, "c", "", 0, 3000));
            store.revoke(KEY, "token", 3000).toCompletableFuture().join();
            store.revoke(KEY, "token", 3000).toCompletableFuture().join();
            store.purge(3000);
            assertThat(smaller.used(MemoryKind.GRANTS)).isZero();
        }
    }
}
