package io.agentledger.command.model.rehearsal;

import io.agentledger.command.model.rehearsal.ConversationView.ToolResult;
import io.agentledger.command.model.rehearsal.Scenario.Call;
import io.agentledger.command.model.rehearsal.Scenario.Condition;
import io.agentledger.command.model.rehearsal.Scenario.Pace;
import io.agentledger.command.model.rehearsal.Scenario.Step;
import io.agentledger.command.model.rehearsal.ScriptedResponse.Block;
import io.agentledger.command.model.rehearsal.ScriptedResponse.ClaimedUsage;
import io.agentledger.command.model.rehearsal.ScriptedResponse.Timing;
import io.agentledger.store.support.UntrustedJson;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Finds the next step of a conversation and converts it into a response. */
final class ScenarioPlayer {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String ID_LETTERS =
      "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  private static final int TEXT_CHARACTERS_MAX = 4 << 20;
  private static final int CHARACTERS_PER_TOKEN = 4;
  private static final Duration FIRST = Duration.ofMillis(350);
  private static final Duration PAUSE = Duration.ofMillis(35);
  private static final int SIZE = 14;

  private final ConversationView conversation;
  private final long requestBytes;
  private final int pacePercent;
  private final ScenarioTemplate template;

  ScenarioPlayer(ConversationView conversation, long requestBytes, int pacePercent) {
    this.conversation = conversation;
    this.requestBytes = requestBytes;
    this.pacePercent = pacePercent;
    this.template = new ScenarioTemplate(conversation);
  }

  /** Returns the next step; empty if the scenario has ended or no choice matches. */
  Optional<Step> chooseStep(Scenario scenario) {
    if (conversation.answerCount() >= scenario.steps().size()) return Optional.empty();
    Step step = scenario.steps().get(conversation.answerCount());
    if (step.choose().isEmpty()) return Optional.of(step);
    return step.choose().stream().filter(choice -> matches(choice.onlyIf())).findFirst();
  }

  private boolean matches(@Nullable Condition condition) {
    if (condition == null) return true;
    if (condition.error() != null
        && condition.error() != conversation.latestResults().stream().anyMatch(ToolResult::error)) {
      return false;
    }
    if (!condition.failed().stream().allMatch(this::hasFailed)) return false;
    if (condition.model() != null && !condition.model().equals(conversation.model())) return false;
    if (condition.offered() != null && conversation.tool(condition.offered()).isEmpty())
      return false;
    if (condition.missing() != null && conversation.tool(condition.missing()).isPresent())
      return false;
    if (condition.given() != null && template.fill(condition.given(), 1).isBlank()) return false;
    return condition.absent() == null || template.fill(condition.absent(), 1).isBlank();
  }

  private boolean hasFailed(String tool) {
    return conversation.latestResult(tool).map(ToolResult::error).orElse(false);
  }

  /** Returns a response of plain text, at the scenario's pace. */
  ScriptedResponse textResponse(String text, @Nullable Pace pace) {
    return response(List.of(new Block.Text(text)), pace);
  }

  /** Returns the response of the model API to a search: results of the rehearsal's own. */
  ScriptedResponse searchResponse(RehearsedSearch search) {
    return response(search.blocks(newId("srvtoolu_rehearsal")), null);
  }

  private ScriptedResponse response(List<Block> blocks, @Nullable Pace pace) {
    return createResponse(
        blocks,
        new Step(null, null, null, 0, List.of(), null, null, pace, null, null, null, List.of()),
        pace);
  }

  /** Returns the response of a step. */
  ScriptedResponse play(Step step, @Nullable Pace scenarioPace) {
    List<Block> blocks = new ArrayList<>();
    if (step.think() != null && conversation.mayThink()) {
      blocks.add(new Block.Thinking(template.fill(step.think(), 1)));
    }
    var text = new StringBuilder();
    if (step.say() != null) {
      for (int n = 1; n <= Math.max(1, step.repeat()) && text.length() < TEXT_CHARACTERS_MAX; n++) {
        text.append(template.fill(step.say(), n));
      }
    }
    List<Block> tools = new ArrayList<>();
    for (Call call : step.calls()) {
      Optional<JsonNode> offered = conversation.tool(call.tool());
      if (offered.isPresent()) tools.add(toolUse(call, offered.get()));
      else
        text.append("\n(I would use ").append(call.tool()).append(" here, but it is not offered.)");
    }
    if (!text.isEmpty()) blocks.add(new Block.Text(text.toString()));
    blocks.addAll(tools);
    if (blocks.isEmpty()) blocks.add(new Block.Text("(Nothing to say here.)"));
    return createResponse(blocks, step, scenarioPace);
  }

  private Block toolUse(Call call, JsonNode offered) {
    JsonNode input =
        call.example()
            ? SchemaExample.generate(offered.path("input_schema"))
            : call.input() == null ? JSON.createObjectNode() : fill(call.input());
    return new Block.ToolUse(newId("toolu_rehearsal"), call.tool(), input);
  }

  private JsonNode fill(JsonNode node) {
    if (node.isString()) return JSON.getNodeFactory().stringNode(template.fill(node.asString(), 1));
    if (node instanceof ObjectNode object) {
      ObjectNode copy = JSON.createObjectNode();
      object.forEachEntry((name, value) -> copy.set(name, fill(value)));
      return copy;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode copy = JSON.createArrayNode();
      array.forEach(value -> copy.add(fill(value)));
      return copy;
    }
    return node;
  }

  private ScriptedResponse createResponse(
      List<Block> blocks, Step step, @Nullable Pace scenarioPace) {
    boolean callsTools = blocks.stream().anyMatch(Block.ToolUse.class::isInstance);
    String stop =
        step.refuse() != null
            ? ScriptedResponse.REFUSED
            : step.stop() != null ? step.stop() : callsTools ? "tool_use" : "end_turn";
    return new ScriptedResponse(
        conversation.model(),
        List.copyOf(blocks),
        timing(step.pace(), scenarioPace),
        step.broken(),
        claimedUsage(blocks, step),
        stop,
        step.refuse());
  }

  /**
   * Returns the usage as the real API counts it: input up to the last answer is read from the
   * cache.
   */
  private ClaimedUsage claimedUsage(List<Block> blocks, Step step) {
    long output = 0;
    for (Block block : blocks) {
      output +=
          switch (block) {
            case Block.Thinking thinking -> thinking.text().length();
            case Block.Text text -> text.text().length();
            case Block.ToolUse tool -> tool.input().toString().length() + tool.name().length();
            case Block.ServerToolUse tool -> tool.input().toString().length();
            case Block.SearchResults results -> 0;
          };
    }
    long fresh =
        conversation.hasAnswers() ? conversation.charactersAfterLastAnswer() : requestBytes;
    long read = Math.max(0, requestBytes - fresh);
    var claimed = step.usage();
    return new ClaimedUsage(
        claimed != null && claimed.input() > 0 ? claimed.input() : 3,
        tokens(read),
        tokens(fresh),
        claimed != null && claimed.output() > 0 ? claimed.output() : Math.max(1, tokens(output)),
        blocks.stream().filter(Block.SearchResults.class::isInstance).count());
  }

  static long tokens(long characters) {
    return Math.ceilDiv(characters, CHARACTERS_PER_TOKEN);
  }

  private Timing timing(@Nullable Pace step, @Nullable Pace scenario) {
    Duration first =
        step != null && step.first() != null
            ? step.first()
            : scenario != null && scenario.first() != null ? scenario.first() : FIRST;
    Duration pause =
        step != null && step.pause() != null
            ? step.pause()
            : scenario != null && scenario.pause() != null ? scenario.pause() : PAUSE;
    int size =
        step != null && step.size() > 0
            ? step.size()
            : scenario != null && scenario.size() > 0 ? scenario.size() : SIZE;
    return new Timing(scale(first), scale(pause), size);
  }

  private Duration scale(Duration duration) {
    return duration.multipliedBy(pacePercent).dividedBy(100);
  }

  static String newId(String prefix) {
    var id = new StringBuilder(prefix).append('_');
    RANDOM.ints(20, 0, ID_LETTERS.length()).forEach(i -> id.append(ID_LETTERS.charAt(i)));
    return id.toString();
  }
}
