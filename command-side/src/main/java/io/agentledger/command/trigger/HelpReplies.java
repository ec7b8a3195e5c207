package io.agentledger.command.trigger;

import io.agentledger.api.flow.ProviderConnection;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.trigger.DeliveryOutcome;
import io.agentledger.api.trigger.DeliveryOutcome.Answered;
import io.agentledger.api.trigger.DeliveryOutcome.Failed;
import io.agentledger.api.trigger.DeliveryOutcome.IgnoreReason;
import io.agentledger.api.trigger.DeliveryOutcome.Ignored;
import io.agentledger.api.trigger.TriggerDefinition;
import io.agentledger.api.trigger.TriggerDefinition.CommandRule;
import io.agentledger.command.flow.provider.Comment;
import io.agentledger.command.flow.provider.ProviderClient;
import io.agentledger.command.flow.provider.ProviderRefusedException;
import io.agentledger.command.flow.provider.ProviderUnavailableException;
import io.agentledger.command.support.TenantMembership;
import io.agentledger.command.trigger.CompiledTrigger.Evaluation.Helping;
import io.agentledger.command.trigger.DeliveryProcessor.Work;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Replies to comments that ask for the commands of a trigger. Strangers can write such comments, so
 * a trigger replies to {@value #HOURLY_MAX} an hour; replies that failed count. The reply to a
 * delivery is found by its marker, so that another attempt edits it.
 */
final class HelpReplies {
  static final int HOURLY_MAX = 20;

  /** Codes of failed replies; no other delivery fails with them. */
  static final String UNAVAILABLE = "provider_unavailable";

  static final String REFUSED = "provider_refused";
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration REPLY_MAX = Duration.ofSeconds(10);
  private static final Duration PERMIT_WAIT_MAX = Duration.ofSeconds(2);

  /** A provider that does not answer holds one thread of the deliveries, and never all. */
  private final Semaphore permit = new Semaphore(1);

  private final ProviderClient provider;
  private final InboundDeliveryTable deliveries;
  private final TenantMembership members;
  private final Clock clock;

  HelpReplies(
      ProviderClient provider,
      InboundDeliveryTable deliveries,
      TenantMembership members,
      Clock clock) {
    this.provider = provider;
    this.deliveries = deliveries;
    this.members = members;
    this.clock = clock;
  }

  /** Posts the reply to a delivery. */
  DeliveryOutcome reply(Work work, Helping helping) {
    var stored = work.stored();
    if (!TriggeredFlow.signsContent(stored.signature().scheme()))
      return new Ignored(IgnoreReason.NOT_PERMITTED);
    if (!mayReply(work))
      return new Failed(
          "user_inactive",
          "The owner of the trigger is disabled, has left the tenant, or may not use the secret of"
              + " its replies.");
    var since = clock.instant().minus(HOUR);
    if (deliveries.countReplies(stored.id(), since, HOURLY_MAX) >= HOURLY_MAX)
      return new Ignored(IgnoreReason.TOO_MANY_REPLIES);
    var reply = Objects.requireNonNull(work.trigger().definition().flow()).reply();
    var apiUrl = Objects.requireNonNull(reply).apiUrl();
    var connection =
        new ProviderConnection(
            helping.item().provider(), apiUrl == null ? "" : apiUrl, reply.credential());
    var marker = TriggerDefinition.REPLY_MARKER + work.delivery().id() + " -->";
    var text = toMarkdown(stored.provider(), work.trigger().definition());
    var comment = new Comment(null, marker, text);
    return withPermit(
        () ->
            post(
                () -> provider.putComment(stored.tenant(), connection, helping.item(), comment),
                REPLY_MAX));
  }

  private DeliveryOutcome withPermit(Supplier<DeliveryOutcome> posting) {
    try {
      if (!permit.tryAcquire(PERMIT_WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS))
        return new Failed(UNAVAILABLE, "Another reply waits for its provider.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted before the reply was posted", e);
    }
    try {
      return posting.get();
    } finally {
      permit.release();
    }
  }

  /** Posts a comment in a limited time, because later deliveries wait for it. */
  static DeliveryOutcome post(Callable<String> comment, Duration max) {
    var posting = new FutureTask<>(comment);
    Thread.ofVirtual().name("help-reply").start(posting);
    try {
      return new Answered(posting.get(max.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return new Failed(
          UNAVAILABLE, "The provider has not answered within " + max.toSeconds() + " seconds.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the reply was posted", e);
    } catch (ExecutionException e) {
      return switch (e.getCause()) {
        case ProviderRefusedException refused ->
            new Failed(REFUSED, String.valueOf(refused.getMessage()));
        case ProviderUnavailableException unavailable ->
            new Failed(UNAVAILABLE, String.valueOf(unavailable.getMessage()));
        case RuntimeException other -> throw other;
        case null, default -> throw new IllegalStateException(e);
      };
    } finally {
      posting.cancel(true);
    }
  }

  private boolean mayReply(Work work) {
    var principal = work.trigger().properties().principal();
    var tenant = work.stored().tenant();
    return members
        .findActiveRole(tenant, principal.userId())
        .map(role -> principal.toCaller(tenant, role, work.stored().id()))
        .filter(owner -> owner.has(Scope.SESSIONS_WRITE) && owner.has(Scope.VAULTS_WRITE))
        .isPresent();
  }

  /** Returns the list of the commands. */
  static String toMarkdown(String provider, TriggerDefinition definition) {
    var prefix = definition.prefix().replace('`', '\'');
    var text = new StringBuilder("**Agentledger** · commands\n\n");
    for (var rule : definition.commands()) append(text, prefix, rule);
    if (definition.commands().isEmpty())
      text.append("- No command is needed: events that match the trigger start the agent.\n");
    if (definition.acceptsDecisions() && DecisionComment.isSupported(provider))
      for (var decision : new String[] {TriggerDefinition.APPROVE, TriggerDefinition.REJECT})
        text.append("- `" + prefix + " " + decision + "` and a reason")
            .append(": decides about a plan, if your account here is known to the service\n");
    return text.append("- `" + prefix + " " + TriggerDefinition.HELP + "`: this list\n").toString();
  }

  private static void append(StringBuilder text, String prefix, CommandRule rule) {
    text.append("- `").append(prefix).append(' ').append(rule.name()).append('`');
    if (!rule.aliases().isEmpty())
      text.append(", also `").append(String.join("`, `", rule.aliases())).append('`');
    text.append('\n');
  }
}
