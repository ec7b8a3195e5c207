package io.agentledger.command.model.rehearsal;

import io.agentledger.command.model.rehearsal.Scenario.Break;
import io.agentledger.command.model.rehearsal.Scenario.Call;
import io.agentledger.command.model.rehearsal.Scenario.Condition;
import io.agentledger.command.model.rehearsal.Scenario.Fail;
import io.agentledger.command.model.rehearsal.Scenario.Pace;
import io.agentledger.command.model.rehearsal.Scenario.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Validates a scenario. All parts are bounded, because a prompt can bring its own. */
final class ScenarioValidator {
  private static final int STEP_COUNT_MAX = 200;
  private static final int REPEAT_MAX = 10_000;
  private static final int TEXT_CHARACTERS_MAX = 65_536;
  private static final int CALL_COUNT_MAX = 32;
  private static final int TIMES_MAX = 100;
  private static final Duration PAUSE_MAX = Duration.ofMinutes(10);

  private final List<Fault> faults = new ArrayList<>();

  private ScenarioValidator() {}

  /** Violation of a rule, with its position as a JSON pointer. */
  record Fault(String pointer, String rule) {}

  static List<Fault> faults(Scenario scenario) {
    var scenarioValidator = new ScenarioValidator();
    scenarioValidator.checkScenario(scenario);
    return scenarioValidator.faults;
  }

  private void require(boolean isValid, String pointer, String rule) {
    if (!isValid) faults.add(new Fault(pointer, rule));
  }

  private void checkScenario(Scenario scenario) {
    require(!scenario.steps().isEmpty(), "/steps", "must have at least one step");
    require(
        scenario.steps().size() <= STEP_COUNT_MAX, "/steps", "must have at most " + STEP_COUNT_MAX);
    require(isInRange(scenario.order(), 0, 1000), "/order", "must be in [0..1000]");
    if (scenario.when() != null) checkPattern(scenario.when(), "/when");
    checkPace(scenario.pace(), "/pace");
    for (int i = 0; i < scenario.steps().size(); i++) {
      Step step = scenario.steps().get(i);
      String pointer = "/steps/" + i;
      require(step.onlyIf() == null, pointer + "/if", "is only allowed in a choice; use choose");
      checkStep(step, pointer);
    }
  }

  private void checkStep(Step step, String pointer) {
    if (!step.choose().isEmpty()) {
      require(hasNoAction(step), pointer, "must have no other fields if it has choose");
      for (int i = 0; i < step.choose().size(); i++)
        checkChoice(step.choose().get(i), pointer + "/choose/" + i);
      return;
    }
    boolean hasAction =
        step.say() != null
            || step.think() != null
            || !step.calls().isEmpty()
            || step.fail() != null
            || step.refuse() != null;
    require(hasAction, pointer, "must say, think, call, fail, refuse or choose");
    checkText(step.think(), pointer + "/think");
    checkText(step.say(), pointer + "/say");
    require(
        isInRange(step.repeat(), 0, REPEAT_MAX),
        pointer + "/repeat",
        "must be in [0.." + REPEAT_MAX + "]");
    require(
        step.calls().size() <= CALL_COUNT_MAX,
        pointer + "/calls",
        "must be at most " + CALL_COUNT_MAX);
    for (int i = 0; i < step.calls().size(); i++)
      checkCall(step.calls().get(i), pointer + "/calls/" + i);
    checkFail(step.fail(), pointer + "/fail");
    checkBreak(step.broken(), pointer + "/break");
    checkPace(step.pace(), pointer + "/pace");
  }

  private static boolean hasNoAction(Step step) {
    return step.say() == null
        && step.think() == null
        && step.calls().isEmpty()
        && step.fail() == null
        && step.refuse() == null;
  }

  private void checkChoice(Step choice, String pointer) {
    require(choice.choose().isEmpty(), pointer + "/choose", "is not allowed in a choice");
    Condition condition = choice.onlyIf();
    if (condition != null) {
      checkText(condition.given(), pointer + "/if/given");
      checkText(condition.absent(), pointer + "/if/absent");
    }
    checkStep(choice, pointer);
  }

  private void checkCall(Call call, String pointer) {
    require(call.tool() != null && !call.tool().isBlank(), pointer + "/tool", "must name a tool");
    JsonNode input = call.input();
    if (input == null) return;
    require(input.isObject(), pointer + "/input", "must be a mapping");
    require(!call.example(), pointer + "/example", "is not allowed together with an input");
    checkTexts(input, pointer + "/input");
  }

  private void checkTexts(JsonNode node, String pointer) {
    if (node.isString()) checkText(node.asString(), pointer);
    node.forEachEntry((name, value) -> checkTexts(value, pointer + "/" + name));
    if (node.isArray())
      for (int i = 0; i < node.size(); i++) checkTexts(node.get(i), pointer + "/" + i);
  }

  private void checkFail(@Nullable Fail fail, String pointer) {
    if (fail == null) return;
    require(isInRange(fail.status(), 400, 599), pointer + "/status", "must be in [400..599]");
    require(
        isInRange(fail.times(), 0, TIMES_MAX),
        pointer + "/times",
        "must be in [0.." + TIMES_MAX + "]");
    require(
        isInRange(fail.retryAfter(), 0, 600),
        pointer + "/retry_after",
        "must be in [0..600] seconds");
  }

  private void checkBreak(@Nullable Break broken, String pointer) {
    if (broken == null) return;
    require(
        isInRange(broken.after(), 0, 1_000_000),
        pointer + "/after",
        "must be in [0..1000000] pieces");
    require(
        isInRange(broken.times(), 0, TIMES_MAX),
        pointer + "/times",
        "must be in [0.." + TIMES_MAX + "]");
  }

  private void checkPace(@Nullable Pace pace, String pointer) {
    if (pace == null) return;
    checkDuration(pace.first(), pointer + "/first");
    checkDuration(pace.pause(), pointer + "/pause");
    require(
        isInRange(pace.size(), 0, 100_000), pointer + "/size", "must be in [0..100000] characters");
  }

  private void checkDuration(@Nullable Duration duration, String pointer) {
    if (duration == null) return;
    boolean valid = !duration.isNegative() && duration.compareTo(PAUSE_MAX) <= 0;
    require(valid, pointer, "must be in [0s..10m]");
  }

  private void checkText(@Nullable String text, String pointer) {
    if (text == null) return;
    require(text.length() <= TEXT_CHARACTERS_MAX, pointer, "must have at most 65536 characters");
    String fault = ScenarioTemplate.violation(text);
    if (fault != null) faults.add(new Fault(pointer, fault));
  }

  private void checkPattern(String regex, String pointer) {
    try {
      Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      faults.add(new Fault(pointer, "is not a valid pattern: " + e.getDescription()));
    }
  }

  private static boolean isInRange(int value, int least, int most) {
    return value >= least && value <= most;
  }
}
