package io.agentledger.command.hook;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.agentledger.api.hook.HookExecution;
import io.agentledger.api.hook.HookOutcome;
import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.hook.HookTarget;
import io.agentledger.api.session.event.OutputEvent.HookExecuted;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.RegexLimits;
import io.agentledger.command.claude.policy.Hooks;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.PermissionDecision;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.Subject;
import io.agentledger.command.claude.state.EventFactory;
import io.agentledger.command.hook.HookLookupTable.StoredHook;
import io.agentledger.command.hook.HttpHookClient.HookResponse;
import io.agentledger.command.support.MatchBudget;
import io.agentledger.command.support.Memoizer;
import io.agentledger.store.support.BoundedMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Calls hooks one after the other, on one virtual thread for each invocation, with limits on
 * concurrent HTTP calls and validations. A hook that fails denies the tool call if it is called
 * before a tool; elsewhere its failure has no effect.
 */
final class HookDispatcher implements Hooks {
  private static final Logger log = LoggerFactory.getLogger(HookDispatcher.class);
  private static final int CALLS_MAX = 64;
  private static final int MATCHERS_MAX = 1000;
  private static final long MATCHERS_SIZE_MAX = 500_000;

  /** A validation only computes: the rest of the processors is left to everything else. */
  private static final int VALIDATIONS_MAX =
      Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

  private static final int SUBJECTS_MAX = 1000;

  /** Time for which the answer of the plan that prompts have no hook is used. */
  private static final long PLAN_FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final HookLookupTable hooks;
  private final HttpHookClient http;
  private final BuiltInHooks builtInHooks;
  private final InputSchemas schemas = new InputSchemas();
  private final Memoizer<String, Pattern> matchers =
      new Memoizer<>(
          MATCHERS_MAX,
          MATCHERS_SIZE_MAX,
          matcher -> RegexLimits.sizeOf(matcher.pattern()),
          Pattern::compile);
  private final Permits callPermits = new Permits(CALLS_MAX);
  private final Permits validationPermits = new Permits(VALIDATIONS_MAX);

  private final Map<Subject, Long> withoutPromptHooks =
      Collections.synchronizedMap(BoundedMap.accessOrdered(SUBJECTS_MAX));

  /** Permits: members have their own, so that their slow hooks delay none of an admin. */
  private record Permits(Semaphore ofAdmins, Semaphore ofMembers) {
    Permits(int count) {
      this(new Semaphore(count), new Semaphore(count));
    }

    Semaphore of(StoredHook hook) {
      return hook.ofMember() ? ofMembers : ofAdmins;
    }
  }

  /** Call of a hook that needs a permit. */
  @FunctionalInterface
  private interface HookCall {
    HookResponse make(Duration timeLeft) throws InterruptedException;
  }

  HookDispatcher(HookLookupTable hooks, HttpHookClient http, BuiltInHooks builtInHooks) {
    this.hooks = hooks;
    this.http = http;
    this.builtInHooks = builtInHooks;
  }

  @Override
  public Set<HookPoint> points(Subject subject) {
    long readNanos = System.nanoTime();
    var points = hooks.pointsOf(subject);
    if (points.contains(HookPoint.USER_PROMPT_SUBMIT)) withoutPromptHooks.remove(subject);
    else withoutPromptHooks.put(subject, readNanos);
    return points;
  }

  @Override
  public Optional<CompletableFuture<HookResult>> call(Subject subject, HookInvocation invocation) {
    if (invocation.point() == HookPoint.USER_PROMPT_SUBMIT && hadNoPromptHook(subject))
      return Optional.empty();
    List<StoredHook> matchingHooks = matching(subject, invocation);
    if (matchingHooks.isEmpty()) return Optional.empty();
    var hookResult = new CompletableFuture<HookResult>();
    Thread.ofVirtual()
        .name("hooks-" + invocation.point().wireName())
        .start(() -> hookResult.complete(new HookChain(subject, matchingHooks).run(invocation)));
    return Optional.of(hookResult);
  }

  /**
   * Returns whether the plan of the run, which was made a moment ago, found no hook of prompts. The
   * CLI asks for each prompt, and waits. Hooks of tool calls are always looked up.
   */
  private boolean hadNoPromptHook(Subject subject) {
    Long readNanos = withoutPromptHooks.get(subject);
    return readNanos != null && System.nanoTime() - readNanos < PLAN_FRESH_NANOS;
  }

  /**
   * Calls the matching hooks for an event of a session outside of a run, one after the other, and
   * returns their executions. Blocks.
   */
  List<HookExecution> callForSession(Subject subject, HookInvocation invocation) {
    var chain = new HookChain(subject, matching(subject, invocation));
    chain.callAll(invocation);
    return List.copyOf(chain.executions);
  }

  private List<StoredHook> matching(Subject subject, HookInvocation invocation) {
    return hooks.findByPoint(subject, invocation.point()).stream()
        .filter(hook -> matches(hook.definition().matcher(), invocation.subject()))
        .toList();
  }

  /**
   * Returns whether the matcher matches. A point without a subject matches every hook, and a
   * matcher that cannot be used every subject; it was validated when the hook was created.
   */
  private boolean matches(String matcher, String subject) {
    if (matcher.isEmpty() || subject.isEmpty()) return true;
    if (RegexLimits.findViolation(matcher, RegexLimits.MATCHER_SIZE_MAX).isPresent()) return true;
    try {
      return matchers.get(matcher).matches(subject);
    } catch (PatternSyntaxException | StackOverflowError e) {
      return true;
    }
  }

  /** Chain of calls, each with the input that the previous one returned. */
  private final class HookChain {
    private final Subject subject;
    private final List<StoredHook> matchingHooks;
    private final List<HookExecution> executions = new ArrayList<>();
    private final StringBuilder context = new StringBuilder();
    private final MatchBudget matchBudget = new MatchBudget();
    private Optional<PermissionDecision> permissionDecision = Optional.empty();
    private Optional<JsonNode> input = Optional.empty();
    private Optional<JsonNode> output = Optional.empty();
    private Optional<String> stop = Optional.empty();

    HookChain(Subject subject, List<StoredHook> matchingHooks) {
      this.subject = subject;
      this.matchingHooks = matchingHooks;
    }

    /** Calls all hooks. Never throws, because the CLI waits for the result. */
    HookResult run(HookInvocation invocation) {
      try {
        callAll(invocation);
      } catch (RuntimeException | Error fault) {
        log.atError()
            .addKeyValue("sessionId", subject.session())
            .addKeyValue("point", invocation.point())
            .setCause(fault)
            .log("hooks could not be called");
        if (invocation.point() == HookPoint.PRE_TOOL_USE)
          permissionDecision =
              Optional.of(PermissionDecision.denied("the hooks could not be called"));
      }
      return new HookResult(
          executions.stream().map(execution -> toEvent(execution, invocation)).toList(),
          permissionDecision,
          input,
          output,
          context.toString(),
          stop);
    }

    private void callAll(HookInvocation invocation) {
      for (StoredHook hook : matchingHooks) {
        HookInvocation current =
            input
                .map(changed -> withInputField(invocation, "tool_input", changed))
                .orElse(invocation);
        current = output.isPresent() ? withOutput(current, output.get()) : current;
        long startNanos = System.nanoTime();
        HookResponse hookResponse = failIfOutputInvalid(callTarget(hook, current), current);
        recordAndApply(
            hook, current, hookResponse, Duration.ofNanos(System.nanoTime() - startNanos));
        if (isDenied() && !invocation.point().isOfSession()) break;
      }
    }

    /** Validates the output of a hook; the output of a hook that denies is ignored. */
    private static HookResponse failIfOutputInvalid(
        HookResponse hookResponse, HookInvocation invocation) {
      return Optional.of(hookResponse.reply())
          .filter(reply -> reply.outcome() != HookOutcome.DENIED)
          .flatMap(HookReply::updatedOutput)
          .flatMap(invocation.outputValidator()::violation)
          .map(reason -> new HookResponse(HookReply.failed(reason), hookResponse.status()))
          .orElse(hookResponse);
    }

    private boolean isDenied() {
      return permissionDecision.filter(decision -> decision.hasVerdict(Verdict.DENIED)).isPresent();
    }

    private void recordAndApply(
        StoredHook hook, HookInvocation invocation, HookResponse hookResponse, Duration duration) {
      HookReply reply = hookResponse.reply();
      executions.add(
          new HookExecution(
              hook.id(),
              hook.name(),
              invocation.point(),
              reply.outcome(),
              hookResponse.status(),
              duration,
              reply.updatedInput().isPresent(),
              reply.detail()));
      reply.updatedInput().ifPresent(changed -> input = Optional.of(changed));
      reply.updatedOutput().ifPresent(changed -> output = Optional.of(changed));
      if (!reply.context().isEmpty()) {
        if (!context.isEmpty()) context.append('\n');
        context.append(reply.context());
      }
      toDecision(hook, invocation.point(), reply).ifPresent(this::mergeDecision);
      if (reply.stopsRun()) stop = Optional.of(attribution(hook, reply));
    }

    /** Merges a decision: deny beats ask beats allow. A denial ends the chain. */
    private void mergeDecision(PermissionDecision decision) {
      boolean needsAnswer =
          permissionDecision.filter(earlier -> earlier.hasVerdict(Verdict.ASKED)).isPresent();
      boolean allows = decision.hasVerdict(Verdict.ALLOWED);
      if (!(needsAnswer && allows)) permissionDecision = Optional.of(decision);
    }

    private HookResponse callTarget(StoredHook hook, HookInvocation invocation) {
      return switch (hook.definition().target()) {
        case HookTarget.BuiltIn builtIn ->
            new HookResponse(
                callBuiltIn(() -> builtInHooks.call(builtIn.service(), invocation)), 0);
        case HookTarget.Validation validation ->
            callWithPermit(
                hook,
                validationPermits,
                timeLeft -> validate(validation.schema(), invocation, timeLeft));
        case HookTarget.Http target ->
            callWithPermit(
                hook,
                callPermits,
                timeLeft -> http.call(subject.tenant(), hook, target, invocation));
      };
    }

    /** Validates an input; all validations of a call share one budget. */
    private HookResponse validate(Json schema, HookInvocation invocation, Duration timeLeft) {
      return new HookResponse(
          schemas.validate(schema, invocation.input(), matchBudget, timeLeft), 0);
    }

    private HookReply callBuiltIn(Supplier<HookReply> call) {
      try {
        return call.get();
      } catch (RuntimeException fault) {
        return unexpected(fault);
      }
    }

    private HookReply unexpected(RuntimeException fault) {
      log.atError()
          .addKeyValue("sessionId", subject.session())
          .setCause(fault)
          .log("unexpected error of a hook call");
      return HookReply.failed("the service could not call it; its log has the reason");
    }

    /**
     * Calls a hook when it gets a permit.
     *
     * @param call takes the rest of the hook's timeout
     */
    private HookResponse callWithPermit(StoredHook hook, Permits kind, HookCall call) {
      Semaphore permits = kind.of(hook);
      Duration timeout = hook.definition().timeout();
      long startNanos = System.nanoTime();
      boolean acquired = false;
      try {
        acquired = permits.tryAcquire(timeout.toMillis(), TimeUnit.MILLISECONDS);
        return acquired
            ? call.make(timeout.minusNanos(System.nanoTime() - startNanos))
            : new HookResponse(HookReply.of(HookOutcome.TIMED_OUT, "too many concurrent calls"), 0);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return new HookResponse(HookReply.failed("the service is stopping"), 0);
      } catch (RuntimeException fault) {
        return new HookResponse(unexpected(fault), 0);
      } finally {
        if (acquired) permits.release();
      }
    }
  }

  private static EventFactory toEvent(HookExecution execution, HookInvocation invocation) {
    return (sealer, run, thread, position) ->
        new HookExecuted(
            sealer.session(),
            run,
            thread,
            position,
            execution.hookId(),
            execution.name(),
            execution.point(),
            invocation.toolCallId(),
            execution.outcome(),
            execution.httpStatus(),
            execution.duration(),
            execution.changedInput(),
            sealer.text(HookExecuted.class, "detail", execution.detail()));
  }

  /** Returns the invocation with the output of the previous hooks. */
  private static HookInvocation withOutput(HookInvocation invocation, JsonNode output) {
    return switch (invocation.point()) {
      case ELICITATION, ELICITATION_RESULT -> {
        var changed = withInputField(invocation, "action", output.path("action"));
        yield output.has("content")
            ? withInputField(changed, "content", output.path("content"))
            : changed;
      }
      default -> withInputField(invocation, "tool_response", output);
    };
  }

  private static HookInvocation withInputField(
      HookInvocation invocation, String field, JsonNode changed) {
    var input = (ObjectNode) invocation.input().deepCopy();
    input.set(field, changed);
    return new HookInvocation(
        invocation.point(),
        invocation.subject(),
        invocation.toolCallId(),
        invocation.occurrence(),
        input,
        invocation.outputValidator());
  }

  private static String attribution(StoredHook hook, HookReply reply) {
    String attribution = "hook " + hook.name() + " (" + hook.id() + ")";
    return reply.reason().isEmpty() ? attribution : attribution + ": " + reply.reason();
  }

  private static Optional<PermissionDecision> toDecision(
      StoredHook hook, HookPoint point, HookReply reply) {
    String attribution = "hook " + hook.name() + " (" + hook.id() + ")";
    String text = attribution(hook, reply);
    return switch (reply.outcome()) {
      case PASSED -> Optional.empty();
      case ALLOWED -> Optional.of(PermissionDecision.allowed(text));
      case ASKED -> Optional.of(PermissionDecision.asked(text));
      case DENIED -> Optional.of(PermissionDecision.denied(text));
      case FAILED, TIMED_OUT ->
          point == HookPoint.PRE_TOOL_USE
              ? Optional.of(PermissionDecision.denied(attribution + " failed: " + reply.reason()))
              : Optional.empty();
    };
  }
}
