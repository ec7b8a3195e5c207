package io.agentledger.command.hook;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.agentledger.api.hook.HookOutcome;
import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.hook.HookTarget;
import io.agentledger.api.session.command.Output;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.command.claude.policy.Hooks;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.PermissionDecision;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.Subject;
import io.agentledger.command.hook.HookLookupTable.InForce;
import io.agentledger.command.hook.HttpHookClient.HookResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Calls hooks one after the other on a virtual thread for each occasion; over HTTP so many at once
 * and no more. Before a tool runs a hook that fails is a no; elsewhere it is no opinion.
 */
final class HookDispatcher implements Hooks {
  private static final int CALLS_MAX = 64;

  private final HookLookupTable hooks;
  private final HttpHookClient http;
  private final BuiltInHooks builtIns;
  private final Semaphore room = new Semaphore(CALLS_MAX);

  HookDispatcher(HookLookupTable hooks, HttpHookClient http, BuiltInHooks builtIns) {
    this.hooks = hooks;
    this.http = http;
    this.builtIns = builtIns;
  }

  @Override
  public Set<HookPoint> points(Subject whose) {
    return hooks.points(whose);
  }

  @Override
  public Optional<CompletableFuture<HookResult>> call(Subject whose, HookInvocation occasion) {
    List<InForce> called =
        hooks.at(whose, occasion.point()).stream()
            .filter(hook -> isMeant(hook.terms().matcher(), occasion.subject()))
            .toList();
    if (called.isEmpty()) return Optional.empty();
    var heard = new CompletableFuture<HookResult>();
    Thread.ofVirtual()
        .name("hooks-" + occasion.point().wireName())
        .start(() -> heard.complete(new HookChain(whose, called).over(occasion)));
    return Optional.of(heard);
  }

  /** A point that is about nothing in particular is for all; a matcher was checked when made. */
  private static boolean isMeant(String matcher, String subject) {
    if (matcher.isEmpty() || subject.isEmpty()) return true;
    try {
      return Pattern.matches(matcher, subject);
    } catch (PatternSyntaxException impossible) {
      return true;
    }
  }

  /** One call after the other, each with the input that the one before it left. */
  private final class HookChain {
    private final Subject whose;
    private final List<InForce> called;
    private final List<Output.HookExecution> executions = new ArrayList<>();
    private final StringBuilder context = new StringBuilder();
    private Optional<PermissionDecision> ruling = Optional.empty();
    private Optional<JsonNode> input = Optional.empty();
    private Optional<JsonNode> output = Optional.empty();
    private Optional<String> stop = Optional.empty();

    HookChain(Subject whose, List<InForce> called) {
      this.whose = whose;
      this.called = called;
    }

    HookResult over(HookInvocation occasion) {
      for (InForce hook : called) {
        HookInvocation now =
            input.map(changed -> with(occasion, "tool_input", changed)).orElse(occasion);
        now = output.isPresent() ? after(now, output.get()) : now;
        long began = System.nanoTime();
        HookResponse answered = held(answer(hook, now), now);
        note(hook, now, answered, Duration.ofNanos(System.nanoTime() - began));
        if (isOver()) break;
      }
      return new HookResult(
          List.copyOf(executions), ruling, input, output, context.toString(), stop);
    }

    /** What a hook that denies says besides is not heard. */
    private static HookResponse held(HookResponse answered, HookInvocation at) {
      return Optional.of(answered.reply())
          .filter(reply -> reply.outcome() != HookOutcome.DENIED)
          .flatMap(HookReply::updatedOutput)
          .flatMap(at.measure()::fault)
          .map(why -> new HookResponse(HookReply.failed(why), answered.status()))
          .orElse(answered);
    }

    private boolean isOver() {
      return ruling.filter(said -> said.is(Verdict.DENIED)).isPresent();
    }

    private void note(InForce hook, HookInvocation at, HookResponse answered, Duration took) {
      HookReply reply = answered.reply();
      executions.add(
          new Output.HookExecution(
              hook.id(),
              hook.name(),
              at.point(),
              at.about(),
              reply.outcome(),
              answered.status(),
              took,
              reply.updatedInput().isPresent(),
              reply.detail()));
      reply.updatedInput().ifPresent(changed -> input = Optional.of(changed));
      reply.updatedOutput().ifPresent(changed -> output = Optional.of(changed));
      if (!reply.context().isEmpty()) {
        if (!context.isEmpty()) context.append('\n');
        context.append(reply.context());
      }
      ruling(hook, at.point(), reply).ifPresent(this::take);
      if (reply.stops()) stop = Optional.of(by(hook, reply));
    }

    /** Deny beats ask beats allow; a denial ends the round. */
    private void take(PermissionDecision said) {
      boolean asked = ruling.filter(one -> one.is(Verdict.ASKED)).isPresent();
      boolean allows = said.is(Verdict.ALLOWED);
      if (!(asked && allows)) ruling = Optional.of(said);
    }

    private HookResponse answer(InForce hook, HookInvocation at) {
      return switch (hook.terms().target()) {
        case HookTarget.BuiltIn own -> new HookResponse(builtIn(own, at), 0);
        case HookTarget.Http target -> overHttp(hook, target, at);
      };
    }

    private HookReply builtIn(HookTarget.BuiltIn own, HookInvocation at) {
      try {
        return builtIns.call(own.service(), at);
      } catch (RuntimeException fault) {
        return HookReply.failed("it failed: " + fault.getClass().getSimpleName());
      }
    }

    private HookResponse overHttp(InForce hook, HookTarget.Http target, HookInvocation at) {
      boolean taken = false;
      try {
        taken = room.tryAcquire(hook.terms().timeout().toMillis(), TimeUnit.MILLISECONDS);
        return taken
            ? http.call(whose.tenant(), hook, target, at)
            : new HookResponse(HookReply.of(HookOutcome.TIMED_OUT, "too many calls at once"), 0);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        return new HookResponse(HookReply.failed("the service is stopping"), 0);
      } catch (RuntimeException fault) {
        return new HookResponse(
            HookReply.failed("it failed: " + fault.getClass().getSimpleName()), 0);
      } finally {
        if (taken) room.release();
      }
    }
  }

  /** As the hooks before left it. */
  private static HookInvocation after(HookInvocation occasion, JsonNode output) {
    return switch (occasion.point()) {
      case ELICITATION, ELICITATION_RESULT -> {
        var asked = with(occasion, "action", output.path("action"));
        yield output.has("content") ? with(asked, "content", output.path("content")) : asked;
      }
      default -> with(occasion, "tool_response", output);
    };
  }

  private static HookInvocation with(HookInvocation occasion, String field, JsonNode changed) {
    var input = (ObjectNode) occasion.input().deepCopy();
    input.set(field, changed);
    return new HookInvocation(
        occasion.point(), occasion.subject(), occasion.about(), input, occasion.measure());
  }

  private static String by(InForce hook, HookReply reply) {
    String by = "hook " + hook.name() + " (" + hook.id() + ")";
    return reply.reason().isEmpty() ? by : by + ": " + reply.reason();
  }

  private static Optional<PermissionDecision> ruling(
      InForce hook, HookPoint point, HookReply reply) {
    String by = "hook " + hook.name() + " (" + hook.id() + ")";
    String words = by(hook, reply);
    return switch (reply.outcome()) {
      case PASSED -> Optional.empty();
      case ALLOWED -> Optional.of(PermissionDecision.allowed(words));
      case ASKED -> Optional.of(PermissionDecision.asked(words));
      case DENIED -> Optional.of(PermissionDecision.denied(words));
      case FAILED, TIMED_OUT ->
          point == HookPoint.PRE_TOOL_USE
              ? Optional.of(PermissionDecision.denied(by + " failed: " + reply.reason()))
              : Optional.empty();
    };
  }
}
