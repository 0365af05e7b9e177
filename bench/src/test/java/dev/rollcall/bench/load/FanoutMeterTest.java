package dev.rollcall.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FanoutMeterTest {
    private static final int BEFORE = 100;

    private final FanoutMeter meter = new FanoutMeter(2, BEFORE, 10, 1);
    private final WireConnection connection = new WireConnection(new LoadLoop(0), new Unheard());

    private static final class Unheard implements WireConnection.Owner {
        @Override
        public void onReady(WireConnection ready) {}

        @Override
        public void onAnswer(WireConnection from, Answer answer) {}

        @Override
        public void onClosed(WireConnection closed) {}

        @Override
        public void onFailed(Throwable cause) {}
    }

    private void hear(int client, int... events) {
        StringBuilder body = new StringBuilder();
        for (int event : events) {
            body.append("{\"pn_uuid\":\"").append(FanoutMeter.actor(event)).append("\",\"uuid\":\"");
            body.append(FanoutMeter.actor(event)).append("\"}");
        }
        Answer answer = new Answer();
        answer.bytes = Bytes.ascii(body.toString());
        answer.end = answer.bytes.length;
        meter.read(client, connection, answer);
    }

    @Test
    void read_countsEachClientForItself() {
        hear(0, 101, 102);
        hear(1, 101);

        assertThat(meter.delivered()).isEqualTo(3);
        assertThat(meter.losses()).isZero();
        assertThat(meter.duplicates()).isZero();
        assertThat(meter.latencies().count()).isEqualTo(3);
    }

    @Test
    void read_findsLossesAndDuplicates() {
        hear(0, 101, 104);
        hear(0, 104, 103);

        assertThat(meter.delivered()).isEqualTo(2);
        assertThat(meter.losses()).isEqualTo(2);
        assertThat(meter.duplicates()).isEqualTo(2);
    }

    @Test
    void recordAbove_leavesOutWhatWarmsUp() {
        meter.recordAbove(102);
        hear(0, 101, 102, 103);

        assertThat(meter.latencies().count()).isEqualTo(1);
    }
}
