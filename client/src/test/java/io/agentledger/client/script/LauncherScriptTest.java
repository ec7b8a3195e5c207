package io.agentledger.client.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests of the script {@code agentledger}, with fake versions of the JDK and Maven. */
@Timeout(180)
class LauncherScriptTest {
  @TempDir Path folder;

  private final Map<String, String> variables = new HashMap<>();
  private Path root;
  private Path home;
  private Path jdk;
  private Path script;

  /** Output of a call, and its exit status. */
  private record ProcessOutput(int status, String out, String err) {}

  @BeforeEach
  void createDirectories() throws IOException {
    root = Files.createDirectories(folder.resolve("a house"));
    home = folder.resolve("a home");
    jdk = folder.resolve("a jdk");
    script = root.resolve("agentledger");
    Files.copy(Path.of("..", "agentledger"), script);
    Files.createDirectories(root.resolve("deploy"));
    Files.copy(Path.of("../deploy/aot-cache.sh"), root.resolve("deploy/aot-cache.sh"));
    Files.writeString(root.resolve("pom.xml"), "<project/>");
    Files.createDirectories(root.resolve("api/src/main"));
    Files.writeString(root.resolve("api/src/main/A.java"), "one");
    newJdk("25.0.3");
    createStub("mvn", folder.resolve("bin/mvn"));
    createStub("curl", folder.resolve("bin/curl"));
    executable(script);
  }

  @AfterEach
  void stopService() throws Exception {
    call("stop");
  }

  @Test
  void helpNeedsNeitherJdkNorBuild() throws Exception {
    Files.delete(jdk.resolve("release"));
    assertThat(call("help").out()).startsWith("Usage: agentledger COMMAND");
    assertThat(call()).matches(output -> output.status() == 2 && output.err().startsWith("Usage:"));
    assertThat(builds()).isEmpty();
  }

  @Test
  void firstCommandBuildsAndOnlyChangedSourcesBuildAgain() throws Exception {
    assertThat(call("sessions", "--limit", "5").out())
        .contains("[" + root.resolve(".build"))
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
  void namedBuildIsUsedThoughSourcesHaveChanged() throws Exception {
    call("sessions");
    variables.put("AGENTLEDGER_BUILD", onlyBuild().getFileName().toString());
    Files.writeString(root.resolve("api/src/main/A.java"), "two");
    assertThat(call("sessions").out()).contains("[" + onlyBuild());
    variables.put("AGENTLEDGER_BUILD", "missing");
    assertThat(call("sessions").err()).contains("there is no build");
  }

  @Test
  void allHomesShareOneBuild() throws Exception {
    call("sessions");
    home = folder.resolve("another home");
    call("sessions");
    assertThat(builds()).hasSize(1);
  }

  @Test
  void oldBuildIsRemovedUnlessAProgramRunsFromIt() throws Exception {
    call("start");
    var used = onlyBuild();
    var unused = Files.createDirectory(root.resolve(".build/unused"));
    for (var build : List.of(used, unused))
      Files.setLastModifiedTime(build, FileTime.from(Instant.now().minus(Duration.ofDays(4))));
    Files.writeString(root.resolve("api/src/main/A.java"), "two");
    call("sessions");
    assertThat(used).exists();
    assertThat(unused).doesNotExist();
  }

  private Path onlyBuild() throws IOException {
    try (Stream<Path> builds = Files.list(root.resolve(".build"))) {
      return builds.collect(Collectors.collectingAndThen(Collectors.toList(), List::getFirst));
    }
  }

  @Test
  void onlyTheBenchmarkHasTheDriverOfTheDatabase() throws Exception {
    call("sessions");
    var driver = onlyBuild().resolve("service/lib/postgresql-1.jar");
    Files.createDirectories(driver.getParent());
    Files.createFile(driver);
    assertThat(call("bench", "--quick").out()).contains("client/*:" + driver).contains("[--quick]");
    assertThat(call("sessions").out()).doesNotContain("postgresql");
  }

  @Test
  void argumentsArePassedVerbatim() throws Exception {
    assertThat(call("run", "a  b", "", "*", "$HOME").out()).contains("[run] [a  b] [] [*] [$HOME]");
  }

  @Test
  void worksThroughALinkAndFromAnotherDirectory() throws Exception {
    var link = Files.createSymbolicLink(folder.resolve("al"), script);
    var output = execute(List.of(link.toString(), "sessions"), folder);
    assertThat(output.out()).startsWith("terminal in " + folder + ":").contains("[sessions]");
  }

  @Test
  void failedBuildIsExplained() throws Exception {
    Files.createFile(root.resolve("broken"));
    var output = call("sessions");
    assertThat(output.status()).isEqualTo(3);
    assertThat(output.err())
        .contains("Session.java:7 ';' expected")
        .contains("the build failed")
        .contains("build.log");
  }

  @Test
  void oldJdkIsSkippedAndAMissingJdkIsAnError() throws Exception {
    newJdk("21.0.1");
    var text = Files.readString(script).replace("/usr/lib/jvm/*", "/nowhere/*");
    Files.writeString(script, text);
    createStub("java", folder.resolve("bin/java"));
    var output = call("sessions");
    assertThat(output.status()).isEqualTo(3);
    assertThat(output.err())
        .contains("JAVA_HOME (" + jdk + ")")
        .contains("/nowhere/*")
        .contains("java on PATH is " + folder.resolve("bin/java"));
  }

  @Test
  void unusedJavaHomeIsReported() throws Exception {
    var other = folder.resolve("other jdk");
    Files.move(jdk, other);
    newJdk("21.0.1");
    Files.writeString(
        script, Files.readString(script).replace("/usr/lib/jvm/*", "'" + other + "'"));
    assertThat(call("sessions").err())
        .contains("JAVA_HOME=" + jdk + " is not used: it is Java 21, and JDK 25 or later is needed")
        .contains("using " + other);
  }

  @Test
  void concurrentStartsBuildOnceAndStartOneService() throws Exception {
    var calls = new ArrayList<Process>();
    for (int i = 0; i < 4; i++) calls.add(process(List.of(script.toString(), "start"), root));
    for (var call : calls) assertThat(call.waitFor()).isZero();
    assertThat(builds()).hasSize(1);
    assertThat(Files.readAllLines(home.resolve("starts"))).hasSize(1);
    assertThat(call("start").err()).contains("runs already").contains("port 4711");
  }

  @Test
  void stopEndsTheServiceAndIsIdempotent() throws Exception {
    call("start");
    var pid = pid();
    assertThat(call("stop").err()).contains("stopped");
    assertThat(runs(pid)).isFalse();
    assertThat(call("stop"))
        .matches(output -> output.status() == 0 && output.err().contains("no service"));
  }

  @Test
  void stopKillsNoOtherProcess() throws Exception {
    Files.createDirectories(home);
    var outsider = new ProcessBuilder("sleep", "60").start();
    try {
      Files.writeString(home.resolve("service.json"), "{\"pid\":%d}".formatted(outsider.pid()));
      assertThat(call("stop")).matches(output -> output.status() == 3);
      assertThat(outsider.isAlive()).isTrue();
    } finally {
      outsider.destroyForcibly();
      Files.delete(home.resolve("service.json"));
    }
  }

  @Test
  void failedServiceStartIsExplained() throws Exception {
    Files.createDirectories(home);
    Files.createFile(home.resolve("broken"));
    var output = call("start");
    assertThat(output.status()).isEqualTo(3);
    assertThat(output.err()).contains("no space for the service").contains("serve.log");
  }

  @Test
  void startWithoutBubblewrapIsReported() throws Exception {
    Files.writeString(
        script, Files.readString(script).replace("command -v bwrap", "command -v no-bwrap"));
    assertThat(call("start").err())
        .contains("bubblewrap is missing")
        .contains("Install the packages bubblewrap and perl-base");
  }

  @Test
  void failedServiceStartShowsItsOwnExplanation() throws Exception {
    Files.createDirectories(home);
    Files.createFile(home.resolve("wrong"));
    call("start");
    var output = call("start");
    assertThat(output.status()).isEqualTo(3);
    assertThat(output.err())
        .containsOnlyOnce("Port 8080 cannot be used.\nSet AGENTLEDGER_PORT.\n")
        .doesNotContain("FAILED TO START", "Description", "noise");
  }

  @Test
  void serviceDoesNotGetTheVariablePort() throws Exception {
    variables.put("PORT", "");
    assertThat(call("start").status()).isZero();
    assertThat(home.resolve("port")).hasContent("PORT is unset");
  }

  @Test
  void homeThatCannotBeCreatedIsReported() throws Exception {
    var file = Files.createFile(folder.resolve("a file"));
    var usual = home;
    home = file.resolve("home");
    var output = call("start");
    home = usual;
    assertThat(output.status()).isEqualTo(3);
    assertThat(output.err())
        .isEqualTo(
            "agentledger: the home directory %s/home cannot be created (Not a directory): set"
                    .formatted(file)
                + " AGENTLEDGER_HOME to another one\n");
  }

  @Test
  void commandThatOnlyReadsCreatesNoHome() throws Exception {
    call("sessions"); // Builds, and the log of the build is in the home.
    home = folder.resolve("another home");
    assertThat(call("status").status()).isZero();
    assertThat(home).doesNotExist();
  }

  @Test
  void stopAsksTheServiceAboutItsRunsBefore() throws Exception {
    call("start");
    var output = call("stop", "--now");
    assertThat(output.out()).contains("AgentledgerCli] [stop] [--now]");
    assertThat(output.err()).contains("stopped");
  }

  @Test
  void stopThatTheUserCancelsDoesNotStop() throws Exception {
    call("start");
    Files.createFile(home.resolve("cancelled"));
    assertThat(call("stop").status()).isEqualTo(130);
    assertThat(runs(pid())).isTrue();
    Files.delete(home.resolve("cancelled"));
  }

  @Test
  void logsPrintsTheEndOfTheLog() throws Exception {
    assertThat(call("logs").err()).contains("there is no log");
    Files.createDirectories(home);
    Files.writeString(home.resolve("serve.log"), "one\ntwo\n");
    assertThat(call("logs").out()).isEqualTo("one\ntwo\n");
    assertThat(call("logs", "-n", "1").out()).isEqualTo("two\n");
    assertThat(call("logs", "-n1").out()).isEqualTo("two\n");
  }

  @Test
  void numberOfLinesThatIsNoNumberIsAUsageError() throws Exception {
    for (var arguments : List.of(List.of("-n", "abc"), List.of("-nabc"), List.of("-n"))) {
      var command = new ArrayList<String>(List.of("logs"));
      command.addAll(arguments);
      var output = call(command.toArray(String[]::new));
      assertThat(output.status()).isEqualTo(2);
      assertThat(output.err()).contains("-n must be a number of lines").doesNotContain("tail:");
    }
  }

  @Test
  void serviceRunsInItsOwnSessionWithoutOurStreams() throws Exception {
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
  void logIsReadableByTheOwnerOnly() throws Exception {
    call("start");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("serve.log"))))
        .isEqualTo("rw-------");
  }

  @Test
  void readyServiceGetsAnAotCacheForTheNextStart() throws Exception {
    variables.put("AGENTLEDGER_AOT_CACHE_DELAY", "0");
    call("start");
    assertThat(home.resolve("arguments")).content().doesNotContain("AOTCache");
    await().until(() -> log().contains("the next start is faster: its AOT cache was written"));
    call("stop");
    call("start");
    assertThat(home.resolve("arguments")).content().containsOnlyOnce("-XX:AOTCache=" + root);
    newJdk("25.0.4");
    call("stop");
    call("start");
    assertThat(home.resolve("arguments")).content().containsOnlyOnce("-XX:AOTCache=");
  }

  @Test
  void beanDefinitionsFollowTheServiceOnTheClassPath() throws Exception {
    variables.put("AGENTLEDGER_AOT_CACHE_DELAY", "0");
    createTool("javac", "");
    createTool("jar", ": >\"$3\"");
    call("start");
    await().until(() -> log().contains("its AOT cache was written"));
    call("stop");
    assertThat(generated("jar")).hasSize(1);
    call("start");
    assertThat(home.resolve("arguments"))
        .content()
        .containsPattern(" -cp [^:]*/gateway-0[.]jar:[^:]*/service-\\d+[.]jar io[.]agentledger");
  }

  @Test
  void aotCacheIsWrittenWithoutDefinitionsThatCannotBeGenerated() throws Exception {
    variables.put("AGENTLEDGER_AOT_CACHE_DELAY", "0");
    createTool("javac", "exit 1");
    call("start");
    await().until(() -> log().contains("its AOT cache was written"));
    assertThat(generated("jar")).isEmpty();
    assertThat(generated("aot")).hasSize(1);
  }

  private List<Path> generated(String extension) throws IOException {
    try (var files = Files.walk(root.resolve(".build"))) {
      return files
          .filter(file -> file.toString().matches(".*/service-\\d+[.]" + extension))
          .toList();
    }
  }

  private void createTool(String name, String script) throws IOException {
    Path tool = jdk.resolve("bin").resolve(name);
    Files.writeString(tool, "#!/bin/sh\n" + script + "\n");
    executable(tool);
  }

  @Test
  void aotCacheThatCannotBeWrittenIsTriedOnce() throws Exception {
    variables.put("AGENTLEDGER_AOT_CACHE_DELAY", "0");
    Files.createFile(folder.resolve("bin/failing"));
    call("start");
    await().until(() -> log().contains("was not written; the reason is in " + root));
    call("stop");
    Files.delete(folder.resolve("bin/failing"));
    call("start");
    assertThat(generated("aot")).isEmpty();
    assertThat(log()).containsOnlyOnce("was not written");
  }

  @Test
  void stopEndsTheProcessesThatWriteAnAotCache() throws Exception {
    variables.put("AGENTLEDGER_AOT_CACHE_DELAY", "0");
    // Its child ignores SIGQUIT, as supervisors of agents do.
    Files.writeString(
        folder.resolve("bin/curl"),
        """
        #!/bin/sh
        trap '' QUIT
        sh -c 'while sleep 1; do :; done' "$AGENTLEDGER_HOME/supervise" &
        echo $PPID >%s/asked
        sleep 2
        """
            .formatted(folder));
    call("start");
    var asked = folder.resolve("asked");
    await().until(() -> Files.exists(asked) && !Files.readString(asked).isEmpty());
    call("stop");
    var writer = Long.parseLong(Files.readString(asked).strip());
    await().until(() -> !runs(writer));
    await().until(() -> log().contains("the AOT cache was not completed"));
    assertThat(log()).contains("writing an AOT cache").doesNotContain("was not written");
  }

  private String log() throws IOException {
    return Files.readString(home.resolve("serve.log"));
  }

  /** Returns whether the process runs; an ended process that was not reaped does not. */
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

  private ProcessOutput call(String... arguments) throws Exception {
    var command = new ArrayList<String>(List.of(script.toString()));
    command.addAll(List.of(arguments));
    return execute(command, root);
  }

  private ProcessOutput execute(List<String> command, Path from) throws Exception {
    var process = process(command, from);
    try (var out = process.getInputStream();
        var err = process.getErrorStream()) {
      var errors = new StringBuilder();
      var reader = Thread.ofVirtual().start(() -> errors.append(text(err)));
      var text = text(out);
      reader.join();
      return new ProcessOutput(process.waitFor(), text, errors.toString());
    }
  }

  private static String text(InputStream stream) {
    try {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException exception) {
      throw new UncheckedIOException(exception);
    }
  }

  private Process process(List<String> command, Path from) throws IOException {
    var builder = new ProcessBuilder(command).directory(from.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("AGENTLEDGER_"));
    builder.environment().put("AGENTLEDGER_HOME", home.toString());
    builder.environment().put("JAVA_HOME", jdk.toString());
    builder.environment().putAll(variables);
    builder.environment().merge("PATH", folder.resolve("bin") + ":", (path, bin) -> bin + path);
    return builder.start();
  }

  private void newJdk(String version) throws IOException {
    Files.createDirectories(jdk.resolve("bin"));
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    createStub("java", jdk.resolve("bin/java"));
  }

  private static void createStub(String name, Path stagedFile) throws IOException {
    Files.createDirectories(stagedFile.getParent());
    try (var source = LauncherScriptTest.class.getResourceAsStream("/script/" + name)) {
      Files.write(stagedFile, Objects.requireNonNull(source).readAllBytes());
    }
    executable(stagedFile);
  }

  private static void executable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
