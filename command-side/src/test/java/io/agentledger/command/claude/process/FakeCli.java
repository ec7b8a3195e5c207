package io.agentledger.command.claude.process;

import com.fasterxml.jackson.annotation.JacksonAnnotation;
import io.agentledger.command.claude.protocol.JournalFile;
import io.agentledger.command.claude.sandbox.CliInstallation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Program that speaks the CLI's protocol and has faults on demand that the real CLI cannot be made
 * to show: {@code [[silent]]}, {@code [[swallow]]}, {@code [[noresult]]}, {@code [[hang]]} (after
 * its result), {@code [[texts NUMBER]]} (one after the other), {@code [[garbage]]}, {@code
 * [[giant]]}, {@code [[die]]}, {@code [[stranger]]} (an unlisted tool in its init message), {@code
 * [[task]]} (starts one in the background; {@code [[task ask]]} requests a tool when its input
 * ends), {@code [[forge KIND]]} ({@link ForgedLines}) and {@code [[afterwards KIND]]} (the same
 * when it is idle). Its messages and tool calls have the ids of a real exchange over the model's
 * socket.
 */
public final class FakeCli {
  /** Name of the file that the program writes into its directory at the end of its input. */
  public static final String END_OF_INPUT = "end-of-input";

  private static final JsonMapper JSON = new JsonMapper();
  private static final int GIANT_BYTES = JournalFile.LINE_BYTES_MAX + (1 << 20);

  /** Command line that starts a JVM with this program; empty until the first call. */
  private static List<String> commandLine = List.of();

  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private final Map<String, JsonNode> pending = new TreeMap<>();
  private final Set<String> known = new HashSet<>();
  private final String session;
  private final List<String> tools;
  private volatile Thread streaming = Thread.currentThread();
  private int count;
  private ModelIds ids = new ModelIds("", "");
  private boolean deaf;

  private FakeCli(List<String> arguments) {
    int at = Math.max(arguments.indexOf("--session-id"), arguments.indexOf("--resume"));
    session = at < 0 ? "" : arguments.get(at + 1);
    int listed = arguments.indexOf("--tools");
    tools = listed < 0 ? List.of() : List.of(arguments.get(listed + 1).split(","));
  }

  /** Installs an executable that starts this program in a JVM of its own. */
  public static CliInstallation install(Path directory) throws IOException {
    Path script = directory.resolve("claude");
    Files.writeString(
        script,
        """
        #!/bin/sh
        [ "$1" = --version ] && { echo '%s (Fake)'; exit 0; }
        exec '%s' "$@"
        """
            .formatted(CliInstallation.VERSION, String.join("' '", commandLine())));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new CliInstallation(script);
  }

  private static synchronized List<String> commandLine() throws IOException {
    if (commandLine.isEmpty()) {
      Path directory = Files.createTempDirectory("fake-cli");
      Path archive = directory.resolve("classes.jsa");
      Path jar = packageClasses(directory.resolve("fake-cli.jar"));
      for (Path file : List.of(directory, jar, archive)) file.toFile().deleteOnExit();
      List<String> parts = new ArrayList<>(List.of(jar.toString()));
      for (Class<?> each :
          List.of(JsonMapper.class, JacksonException.class, JacksonAnnotation.class)) {
        parts.add(each.getProtectionDomain().getCodeSource().getLocation().getPath());
      }
      List<String> line = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
      line.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xlog:disable"));
      line.addAll(List.of("-cp", String.join(":", parts), FakeCli.class.getName()));
      writeArchive(archive, line);
      line.add(1, "-XX:SharedArchiveFile=" + archive);
      commandLine = line;
    }
    return commandLine;
  }

  /** Packs the classes into a jar, because the JVM archives no classes of directories. */
  private static Path packageClasses(Path jar) throws IOException {
    try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (Class<?> each : List.of(FakeCli.class, CliInstallation.class, JournalFile.class)) {
        String directory = each.getPackageName().replace('.', '/') + "/";
        Path root = Path.of(each.getProtectionDomain().getCodeSource().getLocation().getPath());
        try (var classes = Files.newDirectoryStream(root.resolve(directory), "*.class")) {
          for (Path file : classes) {
            out.putNextEntry(new JarEntry(directory + file.getFileName()));
            Files.copy(file, out);
          }
        }
      }
    }
    return jar;
  }

  /**
   * Writes a CDS archive of the classes that one request loads, because loading takes most of a
   * start.
   */
  private static void writeArchive(Path archive, List<String> line) throws IOException {
    List<String> dump = new ArrayList<>(line);
    dump.add(1, "-XX:ArchiveClassesAtExit=" + archive);
    Process process =
        new ProcessBuilder(dump)
            // The program writes END_OF_INPUT there.
            .directory(archive.toAbsolutePath().getParent().toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (var in = process.outputWriter(StandardCharsets.UTF_8)) {
      in.write("{\"type\":\"control_request\",\"request_id\":\"r\",\"request\":{}}\n");
    }
    process.onExit().join();
  }

  public static void main(String[] arguments) throws Exception {
    new FakeCli(List.of(arguments)).serve();
  }

  private void serve() throws Exception {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line; (line = in.readLine()) != null; ) {
      if (!line.isBlank()) {
        handle(parse(line));
      }
    }
    Files.writeString(Path.of(END_OF_INPUT), "");
  }

  private static JsonNode parse(String line) {
    try {
      return JSON.readTree(line);
    } catch (JacksonException broken) {
      System.err.println("Error parsing streaming input line: " + line);
      System.exit(1);
      throw broken;
    }
  }

  private void handle(JsonNode line) throws Exception {
    if (deaf) {
      return;
    }
    switch (line.path("type").asString("")) {
      case "user" -> prompt(line);
      case "control_request" -> control(line);
      case "control_response" -> answer(line.path("response"));
      default -> throw new IllegalArgumentException(line.toString());
    }
  }

  private void prompt(JsonNode line) throws Exception {
    String uuid = line.path("uuid").asString("");
    if (!known.add(uuid)) {
      emit("user", "uuid", uuid, "isReplay", true, "message", line.path("message"));
      return;
    }
    PromptScript script =
        PromptScript.parse(line.at("/message/content").findValuesAsString("text").toString());
    if (script.verb().equals("swallow")) {
      emit("user", "uuid", uuid, "isReplay", true, "message", line.path("message"));
      return;
    }
    if (script.verb().equals("silent")) {
      deaf = true;
      return;
    }
    List<String> offered = new ArrayList<>(tools);
    if (script.verb().equals("stranger")) {
      offered.add("SendMessage");
    }
    state("running");
    emit(
        "system",
        "subtype",
        "init",
        "session_id",
        session,
        "model",
        "fake",
        "tools",
        offered,
        "claude_code_version",
        CliInstallation.VERSION);
    count++;
    ids = ModelIds.request(script);
    event("message_start", "message", Map.of("id", ids.message(), "model", "fake"));
    switch (script.verb()) {
      case "use" -> use(script);
      case "forge" -> {
        text("so far so good");
        new ForgedLines(ids).of(script.rest()).forEach(out::println);
        text("it went on");
        end("success", "it went on", false);
      }
      case "afterwards" -> {
        text("so far so good");
        end("success", "so far so good", false);
        new ForgedLines(ids).of(script.rest()).forEach(out::println);
      }
      case "task" -> {
        emit(
            "system",
            "subtype",
            "task_started",
            "task_id",
            "b1",
            "task_type",
            "local_bash",
            "tool_use_id",
            ids.toolCall());
        text("it goes on");
        end("success", "it goes on", false);
        if (script.rest().equals("ask")) {
          var call = new PromptScript("use", "Bash {\"command\": \"true\"}");
          Runtime.getRuntime().addShutdownHook(new Thread(() -> use(call)));
        }
      }
      case "slow" -> slowly();
      case "texts" -> {
        for (int i = Integer.parseInt(script.rest()); i > 0; i--) {
          text("text " + i);
          Thread.sleep(5); // The time in which the real CLI writes a short one.
        }
        end("success", "text 1", false);
      }
      case "noresult" -> deaf = true;
      case "garbage" -> out.println("thread panicked at {");
      case "giant" -> emit("user", "message", "x".repeat(GIANT_BYTES));
      case "die" -> System.exit(7);
      case "hang" -> {
        text("hanging");
        result("success", "hanging", false);
        deaf = true;
      }
      default -> {
        text(script.rest());
        emit("user", "uuid", uuid, "isReplay", true, "message", line.path("message"));
        end("success", script.rest(), false);
      }
    }
  }

  private void use(PromptScript script) {
    String id = ids.toolCall();
    JsonNode input = JSON.readTree(script.input());
    block(Map.of("type", "tool_use", "id", id, "name", script.tool(), "input", input));
    JsonNode request =
        JSON.valueToTree(
            Map.of(
                "type",
                "control_request",
                "request_id",
                "perm_" + count,
                "request",
                Map.of(
                    "subtype",
                    "can_use_tool",
                    "tool_name",
                    script.tool(),
                    "tool_use_id",
                    id,
                    "input",
                    input)));
    pending.put("perm_" + count, request);
    out.println(request);
  }

  private void answer(JsonNode response) throws Exception {
    JsonNode request = pending.remove(response.path("request_id").asString(""));
    if (request == null) {
      return;
    }
    JsonNode decision = response.path("response");
    boolean allowed = decision.path("behavior").asString("").equals("allow");
    String output =
        allowed
            ? shell(decision.at("/updatedInput/command").asString(""))
            : decision.path("message").asString("");
    Map<String, Object> result = new TreeMap<>();
    result.put("type", "tool_result");
    result.put("tool_use_id", request.at("/request/tool_use_id").asString());
    result.put("content", output);
    result.put("is_error", !allowed);
    emit("user", "message", Map.of("role", "user", "content", List.of(result)));
    text("the tool said: " + output);
    end("success", "the tool said: " + output, false);
  }

  private static String shell(String command) throws Exception {
    Process process = new ProcessBuilder("sh", "-c", command).redirectErrorStream(true).start();
    process.waitFor(10, TimeUnit.MINUTES);
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private void slowly() {
    event("content_block_start", "index", 0, "content_block", Map.of("type", "text"));
    streaming =
        Thread.startVirtualThread(
            () -> {
              try {
                while (true) {
                  delta("slowly ");
                  TimeUnit.MILLISECONDS.sleep(50);
                }
              } catch (InterruptedException interrupted) {
                end("error_during_execution", "", true);
              }
            });
  }

  private void control(JsonNode line) throws Exception {
    String id = line.path("request_id").asString();
    Map<String, Object> response = new TreeMap<>();
    response.put("subtype", "success");
    response.put("request_id", id);
    response.put("pending_permission_requests", pending.values());
    emit("control_response", "response", response);
    if (line.at("/request/subtype").asString("").equals("interrupt")) {
      if (streaming != Thread.currentThread()) {
        streaming.interrupt();
        streaming.join();
        streaming = Thread.currentThread();
      } else {
        pending.keySet().forEach(request -> emit("control_cancel_request", "request_id", request));
        pending.clear();
        end("error_during_execution", "", true);
      }
    }
  }

  private void text(String text) {
    event("content_block_start", "index", 0, "content_block", Map.of("type", "text"));
    delta(text);
    block(Map.of("type", "text", "text", text));
    event("content_block_stop", "index", 0);
    event("message_stop");
  }

  private void delta(String text) {
    event("content_block_delta", "index", 0, "delta", Map.of("type", "text_delta", "text", text));
  }

  private void block(Map<String, Object> block) {
    emit(
        "assistant",
        "uuid",
        "a" + count,
        "message",
        Map.of("id", ids.message(), "model", "fake", "content", List.of(block)));
  }

  private void end(String subtype, String result, boolean isError) {
    result(subtype, result, isError);
    state("idle");
  }

  private void result(String subtype, String result, boolean isError) {
    emit(
        "result",
        "subtype",
        subtype,
        "is_error",
        isError,
        "result",
        result,
        "num_turns",
        1,
        "duration_ms",
        5,
        "total_cost_usd",
        0.001,
        "usage",
        Map.of("input_tokens", 1));
  }

  private void state(String state) {
    emit("system", "subtype", "session_state_changed", "state", state);
  }

  private void event(String type, Object... fields) {
    emit("stream_event", "event", object("type", type, fields));
  }

  private void emit(String type, Object... fields) {
    out.println(JSON.writeValueAsString(object("type", type, fields)));
  }

  private static Map<String, Object> object(String name, String value, Object... fields) {
    Map<String, Object> object = new TreeMap<>();
    object.put(name, value);
    for (int i = 0; i < fields.length; i += 2) {
      object.put((String) fields[i], fields[i + 1]);
    }
    return object;
  }
}
