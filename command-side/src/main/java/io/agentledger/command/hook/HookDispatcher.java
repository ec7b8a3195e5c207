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
  private final BuiltInHooks builtInHooks;
  private final Semaphore room = new Semaphore(CALLS_MAX);

  HookDispatcher(HookLookupTable hooks, HttpHookClient http, BuiltInHooks builtInHooks) {
    this.hooks = hooks;
    this.http = http;
    this.builtInHooks = builtInHooks;
  }

  @Override
  public Set<HookPoint> points(Subject subject) {
    return hooks.points(subject);
  }

  @Override
  public Optional<CompletableFuture<HookResult>> call(Subject subject, HookInvocation invocation) {
    List<InForce> called =
        hooks.at(subject, invocation.point()).stream()
            .filter(hook -> isMeant(hook.terms().matcher(), invocation.subject()))
            .toList();
    if (called.isEmpty()) return Optional.empty();
    var hookResult = new CompletableFuture<HookResult>();
    Thread.ofVirtual()
        .name("hooks-" + invocation.point().wireName())
        .start(() -> hookResult.complete(new HookChain(subject, called).run(invocation)));
    return Optional.of(hookResult);
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
    private final Subject subject;
    private final List<InForce> called;
    private final List<Output.HookExecution> executions = new ArrayList<>();
    private final StringBuilder context = new StringBuilder();
    private Optional<PermissionDecision> permissionDecision = Optional.empty();
    private Optional<JsonNode> input = Optional.empty();
    private Optional<JsonNode> output = Optional.empty();
    private Optional<String> stop = Optional.empty();

    HookChain(Subject subject, List<InForce> called) {
      this.subject = subject;
      this.called = called;
    }

    HookResult run(HookInvocation invocation) {
      for (InForce hook : called) {
        HookInvocation now =
            input.map(changed -> with(invocation, "tool_input", changed)).orElse(invocation);
        now = output.isPresent() ? after(now, output.get()) : now;
        long began = System.nanoTime();
        HookResponse hookResponse = held(answer(hook, now), now);
        note(hook, now, hookResponse, Duration.ofNanos(System.nanoTime() - began));
        if (isDenied()) break;
      }
      return new HookResult(
          List.copyOf(executions), permissionDecision, input, output, context.toString(), stop);
    }

    /** What a hook that denies says besides is not heard. */
    private static HookResponse held(HookResponse hookResponse, HookInvocation at) {
      return Optional.of(hookResponse.reply())
          .filter(reply -> reply.outcome() != HookOutcome.DENIED)
          .flatMap(HookReply::updatedOutput)
          .flatMap(at.measure()::violation)
          .map(why -> new HookResponse(HookReply.failed(why), hookResponse.status()))
          .orElse(hookResponse);
    }

    private boolean isDenied() {
      return permissionDecision.filter(said -> said.is(Verdict.DENIED)).isPresent();
    }

    private void note(InForce hook, HookInvocation at, HookResponse hookResponse, Duration took) {
      HookReply reply = hookResponse.reply();
      executions.add(
          new Output.HookExecution(
              hook.id(),
              hook.name(),
              at.point(),
              at.about(),
              reply.outcome(),
              hookResponse.status(),
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
      boolean asked = permissionDecision.filter(one -> one.is(Verdict.ASKED)).isPresent();
      boolean allows = said.is(Verdict.ALLOWED);
      if (!(asked && allows)) permissionDecision = Optional.of(said);
    }

    private HookResponse answer(InForce hook, HookInvocation at) {
      return switch (hook.terms().target()) {
        case HookTarget.BuiltIn own -> new HookResponse(builtIn(own, at), 0);
        case HookTarget.Http target -> overHttp(hook, target, at);
      };
    }

    private HookReply builtIn(HookTarget.BuiltIn own, HookInvocation at) {
      try {
        return builtInHooks.call(own.service(), at);
      } catch (RuntimeException fault) {
        return HookReply.failed("it failed: " + fault.getClass().getSimpleName());
      }
    }

    private HookResponse overHttp(InForce hook, HookTarget.Http target, HookInvocation at) {
      boolean taken = false;
      try {
        taken = room.tryAcquire(hook.terms().timeout().toMillis(), TimeUnit.MILLISECONDS);
        return taken
            ? http.call(subject.tenant(), hook, target, at)
            : new HookResponse(HookReply.parse(HookOutcome.TIMED_OUT, "too many calls at once"), 0);
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
  private static HookInvocation after(HookInvocation invocation, JsonNode output) {
    return switch (invocation.point()) {
      case ELICITATION, ELICITATION_RESULT -> {
        var asked = with(invocation, "action", output.path("action"));
        yield output.has("content") ? with(asked, "content", output.path("content")) : asked;
      }
      default -> with(invocation, "tool_response", output);
    };
  }

  private static HookInvocation with(HookInvocation invocation, String field, JsonNode changed) {
    var input = (ObjectNode) invocation.input().deepCopy();
    input.set(field, changed);
    return new HookInvocation(
        invocation.point(), invocation.subject(), invocation.about(), input, invocation.measure());
  }

  private static String by(InForce hook, HookReply reply) {
    String by = "hook " + hook.name() + " (" + hook.id() + ")";
    return reply.reason().isEmpty() ? by : by + ": " + reply.reason();
  }

  private static Optional<PermissionDecision> ruling(
      InForce hook, HookPoint point, HookReply reply) {
    String by = "hook " + hook.name() + " (" + hook.id() + ")";
    String text = by(hook, reply);
    return switch (reply.outcome()) {
      case PASSED -> Optional.empty();
      case ALLOWED -> Optional.of(PermissionDecision.allowed(text));
      case ASKED -> Optional.of(PermissionDecision.asked(text));
      case DENIED -> Optional.of(PermissionDecision.denied(text));
      case FAILED, TIMED_OUT ->
          point == HookPoint.PRE_TOOL_USE
              ? Optional.of(PermissionDecision.denied(by + " failed: " + reply.reason()))
              : Optional.empty();
    };
  }
}
