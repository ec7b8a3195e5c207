package io.agentledger.command.claude.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.agentledger.api.agent.AgentSnapshot;
import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.command.claude.launch.LaunchSpec;
import io.agentledger.command.claude.protocol.ClaudeInput;
import io.agentledger.command.claude.protocol.ClaudeMessage;
import io.agentledger.command.claude.protocol.ClaudeMessage.Initialized;
import io.agentledger.command.claude.protocol.ClaudeMessage.PermissionRequest;
import io.agentledger.command.claude.protocol.ClaudeMessage.ResultMessage;
import io.agentledger.command.claude.protocol.ClaudeMessage.ToolResults;
import io.agentledger.command.claude.sandbox.AgentPathResolver;
import io.agentledger.command.claude.sandbox.SessionPaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The real CLI requests permission for each listed tool, also for those that it would execute by
 * itself. Each call has valid input, so that a tool that runs without a request is seen to run.
 */
class ToolPermissionContractTest {
  static final List<String> TOOLS = AgentSnapshot.BUILT_IN_TOOLS;

  private static final Map<String, String> INPUTS =
      Map.ofEntries(
          Map.entry("Agent", "{'description':'look','prompt':'say hi','subagent_type':'Explore'}"),
          Map.entry(
              "AskUserQuestion",
              "{'questions':[{'question':'Which?','header':'Which','options':"
                  + "[{'label':'a','description':'one'},{'label':'b','description':'two'}],"
                  + "'multiSelect':false}]}"),
          Map.entry("Bash", "{'command':'ls','description':'List files'}"),
          Map.entry("Edit", "{'file_path':'WORK/note.txt','old_string':'old','new_string':'new'}"),
          Map.entry("ExitPlanMode", "{'plan':'do it'}"),
          Map.entry("Glob", "{'pattern':'*.txt'}"),
          Map.entry("Grep", "{'pattern':'old'}"),
          Map.entry(
              "NotebookEdit",
              "{'notebook_path':'WORK/book.ipynb','cell_id':'c1','new_source':'print(2)'}"),
          Map.entry("Read", "{'file_path':'WORK/note.txt'}"),
          Map.entry("Skill", "{'skill':'simplify'}"),
          Map.entry("TaskCreate", "{'subject':'first','description':'the first task'}"),
          Map.entry("TaskGet", "{'taskId':'1'}"),
          Map.entry("TaskList", "{}"),
          Map.entry("TaskOutput", "{'task_id':'BACKGROUND','block':false,'timeout':1000}"),
          Map.entry("TaskStop", "{'task_id':'BACKGROUND'}"),
          Map.entry("TaskUpdate", "{'taskId':'1','status':'completed'}"),
          // One of the hosts that the CLI allows by itself.
          Map.entry("WebFetch", "{'url':'https://docs.python.org/3/','prompt':'what is it'}"),
          Map.entry("WebSearch", "{'query':'the weather in Bern'}"),
          Map.entry("Write", "{'file_path':'WORK/fresh.txt','content':'new'}"));

  private static final String NOTEBOOK =
      """
      {"cells":[{"cell_type":"code","id":"c1","metadata":{},"source":["print(1)"],\
      "outputs":[],"execution_count":null}],\
      "metadata":{"language_info":{"name":"python"}},"nbformat":4,"nbformat_minor":5}
      """;

  @TempDir Path home;
  private CliTestProcess rig;
  private FakeModel model;

  @BeforeEach
  void open() throws Exception {
    rig = new CliTestProcess(home, InstalledCli.real(), Optional.of(SandboxLevel.NONE));
    model = new FakeModel(rig.session.sockets().resolve(SessionPaths.MODEL_SOCKET));
    Files.writeString(rig.session.workspace().resolve("note.txt"), "old\n");
    Files.writeString(rig.session.workspace().resolve("book.ipynb"), NOTEBOOK);
  }

  @AfterEach
  void close() throws Exception {
    if (model != null) {
      model.close();
    }
    rig.close();
  }

  /** Uses one process for all tools: a denied call does not change the next one. */
  @TestFactory
  Stream<DynamicTest> listedToolRunsOnlyAfterAPermissionRequest() throws Exception {
    rig.start();
    return TOOLS.stream()
        // Without a plan the CLI refuses this tool itself.
        .filter(tool -> !tool.equals("ExitPlanMode"))
        .map(tool -> dynamicTest(tool, () -> assertAsksFirst(tool)));
  }

  /** In plan mode the CLI has rules of its own; the ask rules precede them. */
  @TestFactory
  Stream<DynamicTest> listedToolRunsOnlyAfterAPermissionRequestInPlanMode() throws Exception {
    rig.start(false, ToolPermissionContractTest::inPlanMode);
    return TOOLS.stream().map(tool -> dynamicTest(tool, () -> assertAsksFirst(tool)));
  }

  private void assertAsksFirst(String tool) throws IOException {
    String input = prepared(tool);

    rig.prompt(PromptScript.useCommand(tool, input));

    ClaudeMessage first = nextMessage();
    assertThat(first).isInstanceOf(PermissionRequest.class);
    PermissionRequest request = (PermissionRequest) first;
    assertThat(request.toolName()).isEqualTo(tool);
    rig.process.send(ClaudeInput.deny(request.requestId(), "not on a Friday"));
    ToolResults toolResults = rig.await(ToolResults.class);
    assertThat(toolResults.results().getFirst().toolUseId()).isEqualTo(request.toolUseId());
    assertThat(toolResults.results().getFirst().content().toString()).contains("not on a Friday");
    rig.await(ResultMessage.class);
  }

  @Test
  void cliOffersExactlyTheListedToolsToServiceAndModel() throws Exception {
    rig.start().prompt(PromptScript.sayCommand("hello"));
    assertThat(rig.await(Initialized.class).tools())
        .map(tool -> tool.equals("Task") ? "Agent" : tool)
        .containsExactlyInAnyOrderElementsOf(TOOLS);
    rig.await(ResultMessage.class);
    assertThat(model.offered).containsExactlyInAnyOrderElementsOf(TOOLS);
  }

  @Test
  void cliRejectsExitPlanModeOutsideOfPlanMode() throws Exception {
    rig.start().prompt(PromptScript.useCommand("ExitPlanMode", prepared("ExitPlanMode")));
    ClaudeMessage first = nextMessage();
    assertThat(first).isInstanceOf(ToolResults.class);
    assertThat(((ToolResults) first).results().getFirst().isError()).isTrue();
    assertThat(first.toString()).contains("You are not in plan mode");
  }

  /** The model gateway permits exactly this request, see ModelRequestGuard. */
  @Test
  void webSearchIsOneModelRequestWithTheQuery() throws Exception {
    rig.start();
    runAllowed("WebSearch", "{\"query\":\"say weather\",\"allowed_domains\":[\"example.com\"]}");
    var searches =
        model.requests.stream().map(new JsonMapper()::readTree).filter(this::isSearch).toList();
    assertThat(searches).hasSize(1);
    assertThat(searches.getFirst().path("tools").toString())
        .isEqualTo(
            "[{\"type\":\"web_search_20250305\",\"name\":\"web_search\","
                + "\"allowed_domains\":[\"example.com\"],\"max_uses\":8}]");
    assertThat(searches.getFirst().path("messages").toString())
        .isEqualTo(
            "[{\"role\":\"user\",\"content\":[{\"type\":\"text\","
                + "\"text\":\"Perform a web search for the query: say weather\"}]}]");
    var system = searches.getFirst().path("system");
    assertThat(system.get(0).path("text").asString())
        .matches("x-anthropic-billing-header: [A-Za-z0-9_.=;, -]{0,300}");
    assertThat(system.valueStream().skip(1).map(block -> block.path("text").asString()))
        .containsExactly(
            "You are a Claude agent, built on Anthropic's Claude Agent SDK.",
            "You are an assistant for performing a web search tool use");
  }

  private boolean isSearch(JsonNode request) {
    return request.at("/tools/0/type").asString("").startsWith("web_search");
  }

  @Test
  void planModePromptTellsTheModelThePlanFile() throws Exception {
    rig.start(false, ToolPermissionContractTest::inPlanMode)
        .prompt(PromptScript.sayCommand("hello"));
    rig.await(ResultMessage.class);
    assertThat(model.requests.getLast())
        .contains("Plan mode")
        .contains(
            rig.sandbox
                .sandboxPaths(rig.session)
                .workspace()
                .resolve(AgentPathResolver.PLANS)
                .toString());
  }

  @Test
  void approvedPlanEndsPlanModeAndTheModeCanBeSetAgain() throws Exception {
    rig.start(false, ToolPermissionContractTest::inPlanMode);
    assertThat(runAllowed("ExitPlanMode", prepared("ExitPlanMode"))).contains("approved");
    rig.process.send(ClaudeInput.setMode("mode-1", LaunchSpec.PLAN_MODE));
    rig.prompt(PromptScript.useCommand("ExitPlanMode", prepared("ExitPlanMode")));
    assertThat(nextMessage()).isInstanceOf(PermissionRequest.class);
  }

  /** Control of the ask rules: without them a tool runs without a request. */
  @Test
  void withoutAskRulesTheCliReadsWithoutARequest() throws Exception {
    rig.start(false, ToolPermissionContractTest::withoutRules);

    rig.prompt(PromptScript.useCommand("Read", prepared("Read")));

    ClaudeMessage first = nextMessage();
    assertThat(first).isInstanceOf(ToolResults.class);
    assertThat(((ToolResults) first).results().getFirst().isError()).isFalse();
  }

  private static List<String> inPlanMode(List<String> command) {
    List<String> changed = new ArrayList<>(command);
    changed.set(changed.indexOf("--permission-mode") + 1, "plan");
    return changed;
  }

  private static List<String> withoutRules(List<String> command) {
    List<String> changed = new ArrayList<>(command);
    changed.set(changed.indexOf("--settings") + 1, "{}");
    return changed;
  }

  /** Returns the CLI's reaction to the call: a request, a tool result, or the end of the run. */
  private ClaudeMessage nextMessage() {
    return rig.await(
        ClaudeMessage.class,
        message ->
            message instanceof PermissionRequest
                || message instanceof ToolResults
                || message instanceof ResultMessage);
  }

  /** Returns valid input for the tool, after everything that the tool requires was prepared. */
  private String prepared(String tool) throws IOException {
    String input =
        INPUTS
            .get(tool)
            .replace('\'', '"')
            .replace("WORK", rig.sandbox.sandboxPaths(rig.session).workspace().toString());
    switch (tool) {
      case "Edit" -> runAllowed("Read", prepared("Read"));
      case "NotebookEdit" -> runAllowed("Read", prepared("Read").replace("note.txt", "book.ipynb"));
      case "TaskGet", "TaskUpdate" -> runAllowed("TaskCreate", prepared("TaskCreate"));
      case "TaskOutput", "TaskStop" -> {
        return input.replace("BACKGROUND", background());
      }
      default -> {}
    }
    return input;
  }

  private String background() throws IOException {
    String text = runAllowed("Bash", "{\"command\":\"sleep 617\",\"run_in_background\":true}");
    Matcher id = Pattern.compile("ID: (\\w+)").matcher(text);
    assertThat(id.find()).as(text).isTrue();
    return id.group(1);
  }

  /**
   * Executes an allowed tool call.
   *
   * @return the result of the tool
   */
  private String runAllowed(String tool, String input) throws IOException {
    rig.prompt(PromptScript.useCommand(tool, input));
    PermissionRequest request = rig.await(PermissionRequest.class);
    rig.process.send(ClaudeInput.allow(request.requestId(), request.input()));
    ToolResults toolResults = rig.await(ToolResults.class);
    assertThat(toolResults.results().getFirst().isError()).as("%s", toolResults).isFalse();
    rig.await(ResultMessage.class);
    return toolResults.results().getFirst().content().toString();
  }
}
