package io.agentledger.command.claude.launch;

import io.agentledger.api.agent.AgentSnapshot;
import io.agentledger.api.environment.EnvironmentVariableNames;
import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.api.session.AgentSetup;
import io.agentledger.api.session.Thinking;
import io.agentledger.command.claude.projectconfig.ProjectConfig;
import io.agentledger.command.claude.sandbox.AgentPathResolver;
import io.agentledger.command.claude.sandbox.CliInstallation;
import io.agentledger.command.claude.sandbox.Sandbox;
import io.agentledger.command.claude.sandbox.SandboxPaths;
import io.agentledger.command.claude.sandbox.SessionPaths;
import io.agentledger.store.permission.EvaluatedToolCall;
import io.agentledger.store.support.UntrustedJson;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Specification that a CLI process is started with. A living process serves a run only if the
 * hashes are equal; the session, its paths and whether it is resumed are not part of it, and
 * neither is the model, which can be changed while the process lives.
 *
 * @param tools the complete list of built-in tools, by the CLI's names
 * @param model empty: the CLI's default
 * @param effort "default", or one of the CLI's levels
 * @param maxTurns limit of model exchanges in one run
 * @param jsonSchema JSON schema of the structured output
 * @param fallbackModel the model to use if the first one does not answer
 * @param planning whether the model is told to plan; the service decides what it may do meanwhile
 * @param hookPoints hook points at which the CLI calls the service, by the CLI's names
 * @param toolServers MCP servers that the CLI reaches through the service, by the CLI's names
 * @param options options other than its tools
 * @param serversDigest digest that distinguishes servers with the same names
 */
public record LaunchSpec(
    List<String> tools,
    Optional<String> model,
    String effort,
    SystemPrompt systemPrompt,
    OptionalInt maxTurns,
    Optional<String> jsonSchema,
    Optional<String> fallbackModel,
    Thinking thinking,
    boolean planning,
    List<String> hookPoints,
    List<String> toolServers,
    LaunchOptions options,
    SandboxLevel sandbox,
    String serversDigest) {
  /**
   * Options of the CLI's JavaScript engine: without them a sixth of a start is spent on optimizing
   * code that runs a few times and on collecting a heap that is still small.
   */
  private static final Map<String, String> JAVASCRIPT_ENGINE =
      Map.of(
          "BUN_JSC_thresholdForOptimizeAfterWarmUp", "20000",
          "BUN_JSC_thresholdForOptimizeAfterLongWarmUp", "20000",
          "BUN_JSC_thresholdForOptimizeSoon", "20000",
          "BUN_JSC_largeHeapSize", Integer.toString(128 << 20));

  /** The CLI's name of the mode in which the model plans. */
  public static final String PLAN_MODE = "plan";

  /**
   * The CLI's name of the mode that is used otherwise: the CLI asks the service about every tool
   * call.
   */
  public static final String DEFAULT_MODE = "default";

  private static final String SOCKET = SessionPaths.MODEL_SOCKET;

  public LaunchSpec {
    tools = List.copyOf(tools).stream().sorted().distinct().toList();
    hookPoints = hookPoints.stream().sorted().toList();
    toolServers = List.copyOf(toolServers);
  }

  /** System prompt of the agent. */
  public record SystemPrompt(Kind kind, String text) {
    public enum Kind {
      DEFAULT,
      APPEND,
      REPLACE
    }

    public static final SystemPrompt DEFAULT = new SystemPrompt(Kind.DEFAULT, "");
  }

  /**
   * Conversation that a process continues.
   *
   * @param id the CLI's session id, a UUID
   * @param resumed whether the CLI has a transcript of it
   * @param branch the conversation to fork, which is not changed
   */
  public record Conversation(String id, boolean resumed, Optional<String> branch) {
    public Conversation(String id, boolean resumed) {
      this(id, resumed, Optional.empty());
    }
  }

  public static LaunchSpec withDefaults(SandboxLevel sandbox) {
    return new LaunchSpec(
        AgentSnapshot.BUILT_IN_TOOLS,
        Optional.empty(),
        "default",
        SystemPrompt.DEFAULT,
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty(),
        new Thinking.Standard(),
        false,
        List.of(),
        List.of(),
        LaunchOptions.NONE,
        sandbox,
        "");
  }

  /** Returns a copy with the digest of the files that were found on the host. */
  public LaunchSpec withStaged(String digest) {
    return copyWith(toolServers, options.withStaged(digest), serversDigest);
  }

  /**
   * Returns a copy with these servers.
   *
   * @param digest digest of their definitions, because two servers with the same name may differ
   */
  public LaunchSpec withServers(List<String> names, String digest) {
    return copyWith(names, options, digest);
  }

  /** Returns a copy that does not offer the tool. */
  public LaunchSpec withoutTool(String tool) {
    return copyWith(
        tools.stream().filter(offered -> !offered.equals(tool)).toList(),
        toolServers,
        options,
        serversDigest);
  }

  private LaunchSpec copyWith(List<String> servers, LaunchOptions launchOptions, String digest) {
    return copyWith(tools, servers, launchOptions, digest);
  }

  private LaunchSpec copyWith(
      List<String> offeredTools, List<String> servers, LaunchOptions launchOptions, String digest) {
    return new LaunchSpec(
        offeredTools,
        model,
        effort,
        systemPrompt,
        maxTurns,
        jsonSchema,
        fallbackModel,
        thinking,
        planning,
        hookPoints,
        servers,
        launchOptions,
        sandbox,
        digest);
  }

  /** Returns a hash that is stable over restarts and hosts: equal hashes mean equal behaviour. */
  public String hash() {
    String text =
        String.join("\u0000", flags())
            + "\u0000"
            + CliInstallation.VERSION
            + sandbox
            + InitializeRequest.orderedJson(this)
            + options.outputStyle()
            + options.previewFormat()
            + options.stagedDigest()
            + serversDigest;
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** See {@link InitializeRequest}. */
  public Map<String, Object> initializeFields() {
    return InitializeRequest.create(this);
  }

  /** Returns the CLI's own command line. */
  public List<String> commandLine(SandboxPaths sandboxPaths, Conversation conversation) {
    List<String> line = new ArrayList<>();
    line.add(sandboxPaths.executable().toString());
    line.addAll(flags());
    model.ifPresent(name -> line.addAll(List.of("--model", name)));
    for (int i = 0; i < options.plugins().size(); i++) {
      line.addAll(List.of("--plugin-dir", ProjectConfig.pluginPath(sandboxPaths, i).toString()));
    }
    // With these setting sources the CLI gives the model only the names of the directories.
    sandboxPaths
        .mounts()
        .forEach(mount -> line.addAll(List.of("--add-dir", mount.mountPoint().toString())));
    line.addAll(List.of("--settings", settingsJson(sandboxPaths)));
    if (!conversation.resumed() && conversation.branch().isPresent()) {
      line.addAll(List.of("--resume", conversation.branch().get(), "--fork-session"));
    }
    line.add(conversation.resumed() ? "--resume" : "--session-id");
    line.add(conversation.id());
    return line;
  }

  private List<String> flags() {
    List<String> flags = new ArrayList<>();
    flags.addAll(List.of("-p", "--input-format", "stream-json", "--output-format", "stream-json"));
    flags.addAll(List.of("--verbose", "--include-partial-messages", "--replay-user-messages"));
    flags.addAll(List.of("--permission-mode", planning ? PLAN_MODE : DEFAULT_MODE));
    flags.addAll(List.of("--permission-prompt-tool", "stdio"));
    // The workspace's configuration was copied to the directory of the user's configuration.
    flags.addAll(
        List.of(
            "--setting-sources",
            options.isUserConfigLoaded() ? "user" : "",
            "--strict-mcp-config"));
    List<String> offered = new ArrayList<>(tools);
    if (!toolServers.isEmpty()) {
      offered.addAll(EvaluatedToolCall.RESOURCE_READERS); // Otherwise the CLI refuses their calls.
    }
    flags.addAll(List.of("--tools", String.join(",", offered)));
    if (!effort.equals("default")) {
      flags.addAll(List.of("--effort", effort));
    }
    if (!options.agent().isEmpty()) {
      flags.addAll(List.of("--agent", options.agent()));
    }
    if (!options.betas().isEmpty()) {
      flags.addAll(List.of("--betas", String.join(",", options.betas())));
    }
    maxTurns.ifPresent(turns -> flags.addAll(List.of("--max-turns", Integer.toString(turns))));
    fallbackModel.ifPresent(name -> flags.addAll(List.of("--fallback-model", name)));
    flags.addAll(thinkingFlags());
    return flags;
  }

  private List<String> thinkingFlags() {
    return switch (thinking) {
      case Thinking.Standard() -> List.of();
      case Thinking.Adaptive(var display) -> thinkingFlag(display, "--thinking", "adaptive");
      case Thinking.Disabled() -> List.of("--thinking", "disabled");
      case Thinking.Enabled(int tokens, var display) ->
          thinkingFlag(display, "--max-thinking-tokens", Integer.toString(tokens));
    };
  }

  private static List<String> thinkingFlag(Thinking.Display display, String flag, String value) {
    return display == Thinking.Display.STANDARD
        ? List.of(flag, value)
        : List.of(flag, value, "--thinking-display", display.wireName());
  }

  /**
   * Returns the CLI's settings. Every tool asks for permission, so that no call is executed
   * unrecorded. The ask rules of file tools have a content pattern: a rule for the whole tool would
   * take precedence over the deny rules (a link to /proc could then be allowed).
   */
  private String settingsJson(SandboxPaths sandboxPaths) {
    List<String> askRules = new ArrayList<>(List.of("Read(//**)", "Edit(//**)"));
    tools.stream().filter(tool -> !FILE_TOOLS.contains(tool)).forEach(askRules::add);
    askRules.add("mcp__*");
    if (!toolServers.isEmpty()) {
      askRules.addAll(EvaluatedToolCall.RESOURCE_READERS);
    }
    if (jsonSchema.isPresent()) {
      askRules.add("StructuredOutput");
    }
    List<String> denyRules = new ArrayList<>();
    for (String path :
        List.of("/proc", "/dev", "/sys", "/run", sandboxPaths.sockets().toString())) {
      denyRules.add("Read(/" + path + "/**)");
      denyRules.add("Edit(/" + path + "/**)");
    }
    denyRules.add("Edit(/" + sandboxPaths.config() + "/**)");
    String skills = String.valueOf(sandboxPaths.skills().getFileName());
    for (String other : patternsOfOtherNames(skills)) {
      denyRules.add("Read(/" + sandboxPaths.config() + "/" + other + ")");
    }
    Map<String, Object> permissions = new TreeMap<>();
    permissions.put("ask", askRules);
    permissions.put("deny", denyRules);
    Map<String, Object> settings = new TreeMap<>();
    settings.put("permissions", permissions);
    settings.put("plansDirectory", AgentPathResolver.PLANS);
    settings.put("disableAllHooks", true); // Those of skills and plugins.
    settings.put("skipWebFetchPreflight", true); // It would ask a host of Anthropic.
    settings.put("disableSkillShellExecution", true); // Its output would be searched for mentions.
    settings.put("env", shellVariables(sandboxPaths)); // Cannot be overridden here.
    NO_PROGRAMS.forEach(helper -> settings.put(helper, ""));
    Map<String, String> noCommand = Map.of("type", "command", "command", "");
    List.of("fileSuggestion", "statusLine", "subagentStatusLine")
        .forEach(program -> settings.put(program, noCommand));
    if (!options.outputStyle().equals(AgentSetup.DEFAULT_STYLE)) {
      settings.put("outputStyle", options.outputStyle());
    }
    return UntrustedJson.MAPPER.writeValueAsString(settings);
  }

  /**
   * Returns patterns that match every name of ordinary characters but this one, of letters within
   * the alphabet. The CLI's deny rules have neither exceptions nor negated classes.
   */
  static List<String> patternsOfOtherNames(String name) {
    List<String> patterns = new ArrayList<>(List.of(name + "[a-z0-9._-]*"));
    for (int i = 0; i < name.length(); i++) {
      String start = name.substring(0, i);
      char next = name.charAt(i);
      patterns.add("%s[a-%c%c-z0-9._-]*".formatted(start, next - 1, next + 1));
      if (i > 0) {
        patterns.add(start);
      }
    }
    return patterns;
  }

  /** Settings that name a program for the CLI to start. */
  private static final List<String> NO_PROGRAMS =
      List.of(
          "apiKeyHelper",
          "awsAuthRefresh",
          "awsCredentialExport",
          "gcpAuthRefresh",
          "otelHeadersHelper",
          "proxyAuthHelper");

  private static final List<String> FILE_TOOLS =
      List.of("Edit", "Glob", "Grep", "NotebookEdit", "Read", "Write");

  /**
   * Returns the complete environment of the CLI; nothing is inherited, and it never contains a real
   * key. Of the other variables it contains only settings of the CLI: the others could change the
   * program that runs, and are set when a command starts. Without a sandbox the CLI gets all of
   * them.
   *
   * @param others variables of the session and of its environment
   */
  public Map<String, String> environment(SandboxPaths sandboxPaths, Map<String, String> others) {
    Map<String, String> environment = new TreeMap<>(others); // The service's own win.
    if (sandboxPaths.shellPrefix().isPresent()) {
      environment.keySet().removeIf(name -> !EnvironmentVariableNames.isCliSetting(name));
    }
    environment.put("PATH", Sandbox.PATH);
    environment.put("LANG", "C.UTF-8");
    environment.put("HOME", sandboxPaths.home().toString());
    environment.put("CLAUDE_CONFIG_DIR", sandboxPaths.config().toString());
    environment.put("ANTHROPIC_UNIX_SOCKET", sandboxPaths.sockets().resolve(SOCKET).toString());
    environment.put("ANTHROPIC_BASE_URL", "http://model"); // without it the socket is not used
    environment.put("ANTHROPIC_API_KEY", "held-by-the-model-gateway");
    environment.put("CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS", "1");
    environment.put("CLAUDE_CODE_MAX_RETRIES", "15"); // outlasts a restart of the service
    environment.put("CLAUDE_CODE_DISABLE_GIT_INSTRUCTIONS", "1"); // it would run the repo's hooks
    environment.put("CLAUDE_CODE_DISABLE_AUTO_MEMORY", "1");
    environment.put("CLAUDE_CODE_DISABLE_CRON", "1"); // it would run prompts of workspace files
    environment.put("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1");
    for (String part : List.of("AUTOUPDATER", "TELEMETRY", "ERROR_REPORTING")) {
      environment.put("DISABLE_" + part, "1");
    }
    if (options.previewFormat() != AgentSetup.PreviewFormat.NONE) {
      environment.put("CLAUDE_CODE_QUESTION_PREVIEW_FORMAT", options.previewFormat().wireName());
    }
    environment.putAll(shellVariables(sandboxPaths));
    if (sandboxPaths.shellPrefix().isPresent()) { // Commands of the agent do not inherit them then.
      environment.putAll(JAVASCRIPT_ENGINE);
    }
    return environment;
  }

  private static Map<String, String> shellVariables(SandboxPaths sandboxPaths) {
    Map<String, String> variables = new TreeMap<>();
    variables.put("CLAUDE_CODE_TMPDIR", sandboxPaths.tmp().toString());
    variables.put("CLAUDE_CODE_SHELL", "/bin/bash");
    sandboxPaths
        .shellPrefix()
        .ifPresent(
            prefix -> {
              variables.put("CLAUDE_CODE_SHELL_PREFIX", prefix.toString());
              variables.put("BUN_TMPDIR", Sandbox.NATIVE_CODE.toString());
            });
    return variables;
  }
}
