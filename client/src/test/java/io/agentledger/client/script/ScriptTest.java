package io.agentledger.client.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code agentledger}, with a JDK and a Maven that stand in for the real ones. */
@Timeout(60)
class ScriptTest {
  @TempDir Path folder;

  private Path root;
  private Path home;
  private Path jdk;
  private Path script;

  /** What a call said, and its exit status. */
  private record Said(int status, String out, String err) {}

  @BeforeEach
  void layOut() throws IOException {
    root = Files.createDirectories(folder.resolve("a house"));
    home = folder.resolve("a home");
    jdk = folder.resolve("a jdk");
    script = root.resolve("agentledger");
    Files.copy(Path.of("..", "agentledger"), script);
    Files.writeString(root.resolve("pom.xml"), "<project/>");
    Files.createDirectories(root.resolve("api/src/main"));
    Files.writeString(root.resolve("api/src/main/A.java"), "one");
    newJdk("25.0.3");
    stand("mvn", folder.resolve("bin/mvn"));
    executable(script);
  }

  @AfterEach
  void leave() throws Exception {
    call("stop");
  }

  @Test
  void helpNeedsNeitherJdkNorBuild() throws Exception {
    Files.delete(jdk.resolve("release"));
    assertThat(call("help").out()).startsWith("Usage: agentledger COMMAND");
    assertThat(call()).matches(said -> said.status() == 2 && said.err().startsWith("Usage:"));
    assertThat(builds()).isEmpty();
  }

  @Test
  void theUsageNamesEveryCommandOfTheTerminal() throws Exception {
    var usage = call("help").out();
    for (var command :
        List.of("run", "tail", "events", "sessions", "interrupt", "status", "start", "serve"))
      assertThat(usage).contains(command);
  }

  @Test
  void theFirstCommandBuildsAndOnlyChangedSourcesBuildAgain() throws Exception {
    assertThat(call("sessions", "--limit", "5").out())
        .contains("[" + home.resolve("lib"))
        .contains("[io.agentledger.client.cli.AgentledgerCli] [sessions] [--limit] [5]");
    call("sessions");
    assertThat(builds()).hasSize(1);
    Files.writeString(root.resolve("api/src/main/A.java"), "two");
    call("sessions");
    assertThat(builds()).hasSize(2);
    Files.writeString(root.resolve("api/src/main/A.java"), "one");
    call("sessions");
    assertThat(builds()).hasSize(2);
  }

  @Test
  void argumentsArriveAsTheyWereTyped() throws Exception {
    assertThat(call("run", "a  b", "", "*", "$HOME").out()).contains("[run] [a  b] [] [*] [$HOME]");
  }

  @Test
  void itWorksThroughALinkAndFromElsewhere() throws Exception {
    var link = Files.createSymbolicLink(folder.resolve("al"), script);
    var said = execute(List.of(link.toString(), "sessions"), folder);
    assertThat(said.out()).startsWith("terminal in " + folder + ":").contains("[sessions]");
  }

  @Test
  void aBuildThatFailsIsExplained() throws Exception {
    Files.createFile(root.resolve("broken"));
    var said = call("sessions");
    assertThat(said.status()).isEqualTo(3);
    assertThat(said.err())
        .contains("Session.java:7 ';' expected")
        .contains("the build failed")
        .contains("build.log");
  }

  @Test
  void anOldJdkIsPassedOverAndNoJdkIsAnError() throws Exception {
    newJdk("21.0.1");
    var text = Files.readString(script).replace("/usr/lib/jvm/*", "/nowhere/*");
    Files.writeString(script, text);
    stand("java", folder.resolve("bin/java"));
    var said = call("sessions");
    assertThat(said.status()).isEqualTo(3);
    assertThat(said.err())
        .contains("JAVA_HOME (" + jdk + ")")
        .contains("/nowhere/*")
        .contains("java on PATH is " + folder.resolve("bin/java"));
  }

  @Test
  void manyStartsAtOnceBuildOnceAndStartOneService() throws Exception {
    var calls = new ArrayList<Process>();
    for (int i = 0; i < 4; i++) calls.add(process(List.of(script.toString(), "start"), root));
    for (var call : calls) assertThat(call.waitFor()).isZero();
    assertThat(builds()).hasSize(1);
    assertThat(Files.readAllLines(home.resolve("starts"))).hasSize(1);
    assertThat(call("start").err()).contains("runs already").contains("port 4711");
  }

  @Test
  void stopEndsTheServiceAndTwiceIsSafe() throws Exception {
    call("start");
    var pid = pid();
    assertThat(call("stop").err()).contains("stopped");
    assertThat(runs(pid)).isFalse();
    assertThat(call("stop"))
        .matches(said -> said.status() == 0 && said.err().contains("no service"));
  }

  @Test
  void stopTouchesNobodyElsesProcess() throws Exception {
    Files.createDirectories(home);
    var stranger = new ProcessBuilder("sleep", "60").start();
    try {
      Files.writeString(home.resolve("service.json"), "{\"pid\":%d}".formatted(stranger.pid()));
      assertThat(call("stop")).matches(said -> said.status() == 3);
      assertThat(stranger.isAlive()).isTrue();
    } finally {
      stranger.destroyForcibly();
      Files.delete(home.resolve("service.json"));
    }
  }

  @Test
  void aServiceThatDoesNotStartIsExplained() throws Exception {
    Files.createDirectories(home);
    Files.createFile(home.resolve("broken"));
    var said = call("start");
    assertThat(said.status()).isEqualTo(3);
    assertThat(said.err()).contains("no room in this house").contains("serve.log");
  }

  @Test
  void theServiceRunsInASessionOfItsOwnAndKeepsNoneOfOurStreams() throws Exception {
    call("start");
    var stat = Files.readString(Path.of("/proc/" + pid() + "/stat"));
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    assertThat(fields[3]).as("its session").isEqualTo(String.valueOf(pid()));
    try (Stream<Path> open = Files.list(Path.of("/proc/" + pid() + "/fd"))) {
      for (var path : open.toList())
        if (List.of("0", "1", "2").contains(path.getFileName().toString()))
          assertThat(Files.readSymbolicLink(path).toString())
              .isIn("/dev/null", home.resolve("serve.log").toString());
    }
  }

  @Test
  void whoReadsTheLogIsTheOwner() throws Exception {
    call("start");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("serve.log"))))
        .isEqualTo("rw-------");
  }

  /** What has ended and was not reaped by anybody yet does not run. */
  private static boolean runs(long pid) throws IOException {
    var commandLine = Path.of("/proc/" + pid + "/cmdline");
    return Files.exists(commandLine) && !Files.readString(commandLine).isEmpty();
  }

  private long pid() throws IOException {
    var json = Files.readString(home.resolve("service.json"));
    return Long.parseLong(json.replaceAll(".*\"pid\":(\\d+).*", "$1"));
  }

  private List<String> builds() throws IOException {
    var file = root.resolve("target/builds");
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  private Said call(String... arguments) throws Exception {
    var command = new ArrayList<String>(List.of(script.toString()));
    command.addAll(List.of(arguments));
    return execute(command, root);
  }

  private Said execute(List<String> command, Path from) throws Exception {
    var process = process(command, from);
    try (var out = process.getInputStream();
        var err = process.getErrorStream()) {
      var errors = new StringBuilder();
      var reader = Thread.ofVirtual().start(() -> errors.append(text(err)));
      var text = text(out);
      reader.join();
      return new Said(process.waitFor(), text, errors.toString());
    }
  }

  private static String text(InputStream stream) {
    try {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private Process process(List<String> command, Path from) throws IOException {
    var builder = new ProcessBuilder(command).directory(from.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("AGENTLEDGER_"));
    builder.environment().put("AGENTLEDGER_HOME", home.toString());
    builder.environment().put("JAVA_HOME", jdk.toString());
    builder.environment().merge("PATH", folder.resolve("bin") + ":", (path, bin) -> bin + path);
    return builder.start();
  }

  private void newJdk(String version) throws IOException {
    Files.createDirectories(jdk.resolve("bin"));
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    stand("java", jdk.resolve("bin/java"));
  }

  private static void stand(String name, Path place) throws IOException {
    Files.createDirectories(place.getParent());
    try (var source = ScriptTest.class.getResourceAsStream("/script/" + name)) {
      Files.write(place, Objects.requireNonNull(source).readAllBytes());
    }
    executable(place);
  }

  private static void executable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
