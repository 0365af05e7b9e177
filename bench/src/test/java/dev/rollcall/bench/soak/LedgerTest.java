package dev.rollcall.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LedgerTest {
    private final Ledger ledger = new Ledger();

    @Test
    void missing_areAcknowledgedMessagesThatSomebodyDidNotGet() {
        int ann = ledger.member();
        int bob = ledger.member();
        int first = ledger.next();
        int refused = ledger.next();
        int second = ledger.next();
        ledger.acknowledged(first, 100);
        ledger.acknowledged(second, 200);
        assertThat(ledger.missing(false)).isEqualTo(4);
        ledger.received(ann, first);
        ledger.received(bob, first);
        ledger.received(ann, second);
        ledger.received(ann, refused);
        assertThat(ledger.missing(false)).isEqualTo(1);
        assertThat(ledger.acknowledgedCount()).isEqualTo(2);
        ledger.uncertain(150, 200);
        assertThat(ledger.missing(false)).isZero();
        assertThat(ledger.missing(true)).isEqualTo(1);
    }

    @Test
    void duplicates_areCounted() {
        int ann = ledger.member();
        int message = ledger.next();
        ledger.received(ann, message);
        ledger.received(ann, message);
        assertThat(ledger.duplicates()).isEqualTo(1);
        assertThat(ledger.deliveries()).isEqualTo(1);
    }
}
