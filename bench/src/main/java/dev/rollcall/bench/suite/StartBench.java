package dev.rollcall.bench.suite;

import dev.rollcall.bench.Bench;
import dev.rollcall.bench.BenchRun;
import dev.rollcall.bench.Option;
import dev.rollcall.bench.Options;
import dev.rollcall.bench.load.HttpCaller;
import dev.rollcall.bench.load.Requests;
import dev.rollcall.bench.process.Jvm;
import dev.rollcall.bench.process.ServerProcess;
import dev.rollcall.bench.process.Servers;
import dev.rollcall.bench.report.Figures;
import dev.rollcall.bench.report.Rounds;
import dev.rollcall.bench.report.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** From the start of the process to the first answer. */
final class StartBench implements Bench {
    private static final String WALL = "wall";
    private static final String CPU = "cpu";
    private static final String ARCHIVED = ", class data shared";
    private static final int FIRST_VERSION_OF_ARCHIVES = 19;

    @Override
    public String name() {
        return "start";
    }

    @Override
    public String summary() {
        return "start of the process to the first here-now answered, beside a bare server";
    }

    @Override
    public List<Option> options() {
        return List.of(Option.rounds(7), Option.serverOptions());
    }

    @Override
    public void run(BenchRun run) throws Exception {
        Options options = run.options();
        Jvm jvm = Jvm.current().with(options.words("server-opts"));
        byte[] ask = Requests.hereNow("room", false);
        byte[] answer;
        try (ServerProcess rollcall = Servers.rollcall(jvm);
                HttpCaller caller = new HttpCaller(rollcall.address())) {
            answer = caller.require(ask).copy();
        }
        Rounds rounds = new Rounds();
        rounds.add(Servers.BARE, () -> start(Servers.bareCommand(jvm, "answer", answer), ask));
        rounds.add(Servers.ROLLCALL, () -> start(Servers.rollcallCommand(jvm), ask));
        boolean hasArchives = Jvm.version() >= FIRST_VERSION_OF_ARCHIVES;
        if (hasArchives) {
            Jvm bareJvm = archived(jvm);
            Jvm rollcallJvm = archived(jvm);
            run.progress("making the archives of class data");
            start(Servers.bareCommand(bareJvm, "answer", answer), ask);
            start(Servers.rollcallCommand(rollcallJvm), ask);
            rounds.add(Servers.BARE + ARCHIVED, () -> start(Servers.bareCommand(bareJvm, "answer", answer), ask));
            rounds.add(Servers.ROLLCALL + ARCHIVED, () -> start(Servers.rollcallCommand(rollcallJvm), ask));
        }
        rounds.run(options.number("rounds", 1), run::progress);
        Table table = new Table(
                "From the start of the process to the first here-now answered; median (min..max) of the rounds",
                "server",
                "ms",
                "x bare Netty",
                "CPU ms",
                "x bare Netty");
        for (String name : rounds.names()) {
            String bare = name.endsWith(ARCHIVED) ? Servers.BARE + ARCHIVED : Servers.BARE;
            table.row(
                    name,
                    rounds.series(name, WALL).text(Figures::millis),
                    name.equals(bare) ? "1" : rounds.ratio(name, bare, WALL).text(Figures::ratio),
                    rounds.series(name, CPU).text(Figures::millis),
                    name.equals(bare) ? "1" : rounds.ratio(name, bare, CPU).text(Figures::ratio));
        }
        table.note(
                "The launcher starts with class data shared, after the first start. Target: at most 1.5 x, and under 1,000 ms.");
        run.print(table);
    }

    /** Returns the same Java with an archive of class data, made at the end of the first run; as the launcher does it. */
    private static Jvm archived(Jvm jvm) throws IOException {
        Path folder = Files.createTempDirectory("rollcall-bench");
        Path archive = folder.resolve("classes.jsa");
        folder.toFile().deleteOnExit();
        archive.toFile().deleteOnExit();
        return jvm.with(List.of(
                "-XX:+AutoCreateSharedArchive",
                "-XX:SharedArchiveFile=" + archive,
                "-Xshare:auto",
                "-Xlog:cds=off",
                "-Xlog:cds+dynamic=off"));
    }

    private static Map<String, Double> start(List<String> command, byte[] ask)
            throws IOException, InterruptedException {
        long begin = System.nanoTime();
        try (ServerProcess server = ServerProcess.start("server", command);
                HttpCaller caller = new HttpCaller(server.address())) {
            caller.require(ask);
            double nanos = System.nanoTime() - begin;
            return Map.of(WALL, nanos, CPU, (double) server.cpuNanos());
        }
    }
}
