package io.agentledger.command.claude.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.agent.AgentSnapshot;
import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.api.session.AgentOverrides.Effort;
import io.agentledger.api.session.AgentSetup;
import io.agentledger.api.session.AgentSetup.PreviewFormat;
import io.agentledger.api.session.Thinking;
import io.agentledger.api.session.Thinking.Display;
import io.agentledger.command.claude.launch.InitMessageValidator;
import io.agentledger.command.claude.launch.LaunchOptions;
import io.agentledger.command.claude.launch.LaunchSpec;
import io.agentledger.command.claude.launch.LaunchSpec.SystemPrompt;
import io.agentledger.command.claude.projectconfig.ProjectConfig;
import io.agentledger.command.claude.protocol.ClaudeInput;
import io.agentledger.command.claude.protocol.ClaudeMessage;
import io.agentledger.command.claude.protocol.ClaudeMessage.ResultMessage;
import io.agentledger.command.claude.sandbox.SessionPaths;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** The options of a session reach the model, through the real CLI. */
class CliOptionsContractTest {
  @TempDir Path home;
  private CliTestProcess rig;
  private FakeModel model;
  private ClaudeMessage.Initialized initialized;

  @AfterEach
  void end() throws Exception {
    if (rig != null) {
      rig.close();
      model.close();
    }
  }

  /** Request to the model from the process that several tests share. */
  private record Exchange(JsonNode request, List<String> offered, String betas) {}

  private static final Map<Object, Exchange> EXCHANGES = new HashMap<>();

  @AfterAll
  static void forgetExchanges() {
    EXCHANGES.clear();
  }

  private Exchange exchange(Object key, LaunchSpec spec) throws Exception {
    if (!EXCHANGES.containsKey(key)) {
      var request = modelRequestOf(spec);
      EXCHANGES.put(key, new Exchange(request, List.copyOf(model.offered), model.betas));
      end();
      rig = null;
    }
    return EXCHANGES.get(key);
  }

  /** Starts a process for each level; it also has one of the values of each other option. */
  private Exchange exchange(Effort effort) throws Exception {
    var launchOptions =
        new LaunchOptions(
            "default",
            false,
            false,
            List.of(),
            List.of(),
            "",
            effort == Effort.MAX ? AgentSetup.BETAS : List.of(),
            "",
            false,
            PreviewFormat.values()[effort.ordinal() % PreviewFormat.values().length],
            "",
            Map.of(),
            "");
    var level =
        new LaunchSpec(
            List.of("AskUserQuestion"),
            // This model supports all levels; others use the next lower one.
            Optional.of("claude-opus-4-8"),
            effort.wireName(),
            SystemPrompt.DEFAULT,
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty(),
            new Thinking.Adaptive(Display.values()[effort.ordinal() % Display.values().length]),
            false,
            List.of(),
            List.of(),
            launchOptions,
            SandboxLevel.NONE,
            "");
    return exchange(effort, level);
  }

  private Exchange enabledThinking(Display display) throws Exception {
    var added = new SystemPrompt(SystemPrompt.Kind.APPEND, "Speak of parrots.");
    return exchange(display, spec(added, new Thinking.Enabled(2048, display), "Read", "Bash"));
  }

  private static LaunchSpec spec(SystemPrompt prompt, Thinking thinking, String... tools) {
    return spec(prompt, thinking, LaunchOptions.NONE, tools);
  }

  private static LaunchSpec spec(
      SystemPrompt prompt, Thinking thinking, LaunchOptions launchOptions, String... tools) {
    return new LaunchSpec(
        List.of(tools),
        Optional.of("claude-opus-4-6"),
        "low",
        prompt,
        OptionalInt.of(3),
        Optional.empty(),
        Optional.of("claude-haiku-4-5"),
        thinking,
        false,
        List.of(),
        List.of(),
        launchOptions,
        SandboxLevel.NONE,
        "");
  }

  /** Returns the request to the model for a prompt. */
  private JsonNode modelRequestOf(LaunchSpec spec) throws Exception {
    rig =
        rig == null
            ? new CliTestProcess(home, InstalledCli.real(), Optional.of(SandboxLevel.NONE))
            : rig;
    model = new FakeModel(rig.session.sockets().resolve(SessionPaths.MODEL_SOCKET));
    ProjectConfig projectConfig =
        ProjectConfig.read(
            rig.session,
            spec.options().projectConfig(),
            spec.options().plugins(),
            file -> Optional.empty());
    projectConfig.stage(rig.session);
    rig.start(spec);
    rig.process.send(ClaudeInput.initialize("begin", spec.initializeFields()));
    rig.prompt("say hello");
    initialized = rig.await(ClaudeMessage.Initialized.class);
    assertThat(rig.await(ResultMessage.class).isError()).isFalse();
    return new JsonMapper().readTree(model.requests.getLast());
  }

  @ParameterizedTest
  @EnumSource
  void everyEffortLevelAndAdaptiveThinkingReachTheModel(Effort effort) throws Exception {
    var request = exchange(effort).request();
    assertThat(request.at("/output_config/effort").asString("")).isEqualTo(effort.wireName());
    assertThat(request.at("/thinking/type").asString("")).isEqualTo("adaptive");
    assertThat(request.at("/thinking").has("budget_tokens")).isFalse();
  }

  @Test
  void systemPromptReplacesTheDefaultAndNoToolsAreOffered() throws Exception {
    var replaced =
        new SystemPrompt(SystemPrompt.Kind.REPLACE, "You are a parrot. " + "ü".repeat(9));
    var request = modelRequestOf(spec(replaced, new Thinking.Disabled()));
    assertThat(request.path("system").toString()).contains("You are a parrot. üüü");
    assertThat(request.path("system").toString()).doesNotContain("software engineering");
    assertThat(model.offered).isEmpty();
    assertThat(request.path("model").asString()).isEqualTo("claude-opus-4-6");
    assertThat(request.path("thinking").path("type").asString("disabled")).isEqualTo("disabled");
  }

  @Test
  void systemPromptIsAppendedAndOnlyNamedToolsAreOffered() throws Exception {
    var exchange = enabledThinking(Display.SUMMARIZED);
    var request = exchange.request();
    assertThat(request.path("system").toString())
        .contains("Speak of parrots.")
        .contains("software engineering");
    assertThat(exchange.offered()).containsExactlyInAnyOrder("Read", "Bash");
    assertThat(request.path("thinking").isMissingNode()).isFalse();
    assertThat(request.at("/output_config/effort").asString("")).isEqualTo("low");
    assertThat(AgentSnapshot.BUILT_IN_TOOLS).containsAll(exchange.offered());
  }

  @Test
  void outputStyleAndSubagentsReachTheModel() throws Exception {
    var critic =
        "{\"critic\":{\"description\":\"criticises plans\",\"prompt\":\"You are a critic.\"}}";
    var launchOptions =
        new LaunchOptions("Explanatory", false, List.of(), List.of(), critic, Map.of(), "");
    var request =
        modelRequestOf(spec(SystemPrompt.DEFAULT, new Thinking.Standard(), launchOptions, "Agent"));
    assertThat(request.path("system").toString()).contains("Insight");
    assertThat(request.toString()).contains("criticises plans");
  }

  /**
   * Configuration is read, its programs are not executed, and nothing outside of the workspace is
   * read.
   */
  @Test
  void workspaceConfigurationIsReadButStartsNothing() throws Exception {
    rig = new CliTestProcess(home, InstalledCli.real(), Optional.of(SandboxLevel.NONE));
    var secret = Files.writeString(home.resolve("secret.txt"), "SECRET OF THE HOST");
    var work = rig.session.workspace();
    put(work, "CLAUDE.md", "MEMORY of @docs/style.md and @%s".formatted(secret));
    put(work, "docs/style.md", "STYLE GUIDE with @more.md and @out.md");
    put(work, "docs/more.md", "MORE OF IT");
    var around = "../".repeat(12) + secret.toString().substring(1);
    put(work, "docs/out.md", "a @a@/%1$s b @c\\ d/%1$s e @%2$s# f".formatted(around, secret));
    put(work, ".claude/rules/one.md", "A RULE @a@/" + around + " and @../../docs/more.md");
    put(work, ".claude/skills/greet/SKILL.md", SKILL.formatted("greet", home));
    Files.createSymbolicLink(work.resolve(".claude/skills/greet/linked.md"), secret);
    put(work, ".claude/output-styles/pirate.md", "---\nname: pirate\ndescription: x\n---\nARRR");
    put(work, ".claude/settings.json", HOOKS.formatted(home));
    put(
        work,
        ".mcp.json",
        "{\"mcpServers\":{\"m\":{\"command\":\"touch\",\"args\":[\"%s/mark\"]}}}".formatted(home));
    put(
        work,
        "tools/plug/.claude-plugin/plugin.json",
        "{\"name\":\"plug\",\"version\":\"1.0.0\",\"description\":\"d\",\"hooks\":\"./h.json\"}");
    put(work, "tools/plug/h.json", HOOKS.formatted(home));
    put(work, "tools/plug/hooks/hooks.json", HOOKS.formatted(home));
    put(work, "tools/plug/skills/wave/SKILL.md", SKILL.formatted("wave", home));
    var launchOptions =
        new LaunchOptions(
            "pirate", true, List.of("greet", "wave"), List.of("tools/plug"), "", Map.of(), "");
    var request =
        modelRequestOf(spec(SystemPrompt.DEFAULT, new Thinking.Standard(), launchOptions, "Skill"));

    assertThat(request.toString())
        .contains("MEMORY of", "STYLE GUIDE", "MORE OF IT", "A RULE", "greet", "plug:wave", "ARRR")
        .doesNotContain("SECRET OF THE HOST");
    assertThat(initialized.skills()).contains("greet", "plug:wave");
    assertThat(initialized.pluginErrors()).isEmpty();
    assertThat(initialized.mcpServers()).isEmpty();
    assertThat(home.resolve("mark")).doesNotExist();
    var copies = rig.session.home().resolve(".claude");
    assertThat(copies.resolve("skills/greet/SKILL.md")).exists();
    assertThat(copies.resolve("skills/greet/linked.md")).doesNotExist();
    assertThat(copies.resolve("settings.json")).hasContent("{}");
  }

  @Test
  void missingPluginIsReportedByTheCli() throws Exception {
    var launchOptions =
        new LaunchOptions("default", false, List.of(), List.of("none"), "", Map.of(), "");
    modelRequestOf(spec(SystemPrompt.DEFAULT, new Thinking.Standard(), launchOptions, "Skill"));
    assertThat(
            InitMessageValidator.findMissingSetup(
                initialized, spec(SystemPrompt.DEFAULT, new Thinking.Standard(), launchOptions)))
        .hasValueSatisfying(fault -> assertThat(fault).contains("not found"));
  }

  @Test
  void selectedSubagentIsTheMainAgentWithItsPlanInstructions() throws Exception {
    var pirate = "{\"pirate\":{\"description\":\"sails\",\"prompt\":\"You are a pirate.\"}}";
    var launchOptions =
        new LaunchOptions(
            "default",
            false,
            false,
            List.of(),
            List.of(),
            "pirate",
            List.of(),
            "Look at the charts.",
            true,
            PreviewFormat.NONE,
            pirate,
            Map.of(),
            "");
    var plain =
        spec(SystemPrompt.DEFAULT, new Thinking.Standard(), launchOptions, "Read", "ExitPlanMode");
    var planning =
        new LaunchSpec(
            plain.tools(),
            plain.model(),
            plain.effort(),
            plain.systemPrompt(),
            plain.maxTurns(),
            plain.jsonSchema(),
            plain.fallbackModel(),
            plain.thinking(),
            true,
            List.of(),
            List.of(),
            launchOptions,
            SandboxLevel.NONE,
            "");
    var request = modelRequestOf(planning);
    assertThat(request.path("system").toString()).contains("You are a pirate.");
    assertThat(request.path("messages").toString())
        .contains("Look at the charts.", rig.session.workspace().toString());
    assertThat(request.path("system").toString())
        .doesNotContain(rig.session.workspace().toString());
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "STANDARD")
  void thinkingDisplayIsSentToTheModelsApi(Display display) throws Exception {
    var adaptive = exchange(Effort.values()[display.ordinal()]).request();
    assertThat(adaptive.at("/thinking/type").asString("")).isEqualTo("adaptive");
    assertThat(adaptive.at("/thinking/display").asString("")).isEqualTo(display.wireName());
    var enabled = enabledThinking(display).request();
    assertThat(enabled.at("/thinking/display").asString("")).isEqualTo(display.wireName());
  }

  @Test
  void thinkingDisplayIsOmittedUnlessConfigured() throws Exception {
    var request = exchange(Effort.values()[Display.STANDARD.ordinal()]).request();
    assertThat(request.at("/thinking/type").asString("")).isEqualTo("adaptive");
    assertThat(request.path("thinking").has("display")).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void questionPreviewFormatReachesTheModel(PreviewFormat format) throws Exception {
    var request = exchange(Effort.values()[format.ordinal()]).request();
    String about = request.path("tools").toString();
    switch (format) {
      case NONE -> assertThat(about).doesNotContainIgnoringCase("html");
      case MARKDOWN -> assertThat(about).containsIgnoringCase("markdown").contains("preview");
      case HTML -> assertThat(about).contains("HTML").contains("preview");
    }
  }

  @Test
  void betaHeaderIsSentToTheModelsApi() throws Exception {
    assertThat(exchange(Effort.MAX).betas()).contains(AgentSetup.BETAS.getFirst());
    assertThat(exchange(Effort.LOW).betas()).doesNotContain(AgentSetup.BETAS.getFirst());
  }

  @Test
  void attachmentsOfAPromptReachTheModel() throws Exception {
    modelRequestOf(spec(SystemPrompt.DEFAULT, new Thinking.Standard(), "Read"));
    var blocks =
        """
        [{"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "%s"}},
         {"type": "document", "title": "Notes",
          "source": {"type": "text", "media_type": "text/plain", "data": "A note."}}]"""
            .formatted(PIXEL);
    var before = (ArrayNode) new JsonMapper().readTree(blocks);
    rig.process.send(ClaudeInput.prompt(UUID.randomUUID(), "say what you see", before));
    assertThat(rig.await(ResultMessage.class).isError()).isFalse();
    var text = new JsonMapper().readTree(model.requests.getLast()).path("messages").toString();
    assertThat(text).contains(PIXEL, "A note.", "say what you see");
  }

  private static final String PIXEL =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

  private static final String SKILL =
      """
      ---
      name: %s
      description: has something to say
      hooks:
        PreToolUse:
          - matcher: "*"
            hooks:
              - type: command
                command: "touch %s/mark"
      ---
      Say it.
      """;
  private static final String HOOKS =
      """
      {"hooks": {"SessionStart": [{"hooks": [{"type": "command", "command": "touch %1$s/mark"}]}],
        "UserPromptSubmit": [{"hooks": [{"type": "command", "command": "touch %1$s/mark"}]}]}}""";

  private static void put(Path folder, String name, String text) throws Exception {
    var file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
