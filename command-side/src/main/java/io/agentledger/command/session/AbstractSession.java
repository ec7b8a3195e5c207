package io.agentledger.command.session;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;
import static org.axonframework.modelling.command.AggregateLifecycle.getVersion;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.mcp.McpServerRegistry;
import io.agentledger.api.session.SessionAcl;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.Input.SubmitSideRequest;
import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.session.command.SessionCommand.ChangeFiles;
import io.agentledger.api.session.command.SessionCommand.ExpireSideRequest;
import io.agentledger.api.session.command.SessionCommand.HandOverSession;
import io.agentledger.api.session.command.SessionCommand.RecordProcessReport;
import io.agentledger.api.session.command.SessionCommand.RewindFiles;
import io.agentledger.api.session.command.SessionCommand.SetTools;
import io.agentledger.api.session.command.SessionCommand.ShareSession;
import io.agentledger.api.session.command.SessionCommand.TakeCheckpoint;
import io.agentledger.api.session.command.SessionCommand.UnshareSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.ArchiveIdleSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.ArchiveSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.CloseSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.DeleteSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.ExpireSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.PauseSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.RenameSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.RestoreSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.SetBudget;
import io.agentledger.api.session.command.SessionLifecycleCommand.TagSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.UnpauseSession;
import io.agentledger.api.session.command.SetToolsResult;
import io.agentledger.api.session.event.CheckpointEvent.CheckpointTaken;
import io.agentledger.api.session.event.CheckpointEvent.FilesRewound;
import io.agentledger.api.session.event.LifecycleEvent;
import io.agentledger.api.session.event.LifecycleEvent.BudgetSet;
import io.agentledger.api.session.event.LifecycleEvent.FilesChanged;
import io.agentledger.api.session.event.LifecycleEvent.SessionHandedOver;
import io.agentledger.api.session.event.LifecycleEvent.SessionRenamed;
import io.agentledger.api.session.event.LifecycleEvent.SessionShared;
import io.agentledger.api.session.event.LifecycleEvent.SessionUnshared;
import io.agentledger.api.session.event.SideRequestEvent;
import io.agentledger.api.session.event.SideRequestEvent.FailureReason;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.support.TenantMembership;
import io.agentledger.store.crypto.Sealer;
import java.time.Instant;
import java.util.Objects;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CommandHandlerInterceptor;
import org.jspecify.annotations.Nullable;

/**
 * What people do with a session beside speaking in it: they name it, share it, put it away. Who may
 * do what is judged here for every command, those of the conversation included.
 */
@SuppressWarnings("NullAway.Init") // The first event fills it.
abstract class AbstractSession {
  @AggregateIdentifier SessionId id;
  @Nullable String tenant;
  SessionAcl rights;
  SessionLifecycle keeping = new SessionLifecycle();
  SessionBudget budget = new SessionBudget();
  SessionCheckpoints checkpoints = new SessionCheckpoints();
  SessionDirectories directories = new SessionDirectories();
  SideRequests asides = new SideRequests();
  SessionToolset toolbox = new SessionToolset();

  abstract RunLifecycle course();

  /** Says what the session does, if that has changed. */
  abstract void announce();

  /** A session of another tenant is none: the answer does not tell them apart. */
  @CommandHandlerInterceptor
  void checkTenant(SessionCommand command, MetaData metaData) {
    if (id == null) return;
    if (!Objects.equals(tenant, metaData.get(Provenance.TENANT))) throw none(command);
    var caller = Caller.of(metaData);
    if (keeping.isDeleted() && caller.isPresent()) throw none(command);
    caller.ifPresent(one -> SessionSharing.authorize(rights, command, one));
    caller.ifPresent(one -> directories.checkTenant(command, one));
  }

  private static RejectionException none(SessionCommand command) {
    return new RejectionException(new NotFound("session", command.sessionId().value()));
  }

  @CommandHandler
  void set(SetBudget command) {
    if (!budget.is(command.budget())) apply(new BudgetSet(id, command.budget()));
  }

  @CommandHandler
  void share(ShareSession command, Caller caller, TenantMembership tenantMembership) {
    new SessionSharing(rights, tenantMembership).share(command, caller.tenant());
  }

  @CommandHandler
  void unshare(UnshareSession command, TenantMembership tenantMembership) {
    new SessionSharing(rights, tenantMembership).unshare(command);
  }

  @CommandHandler
  void handOver(HandOverSession command, Caller caller, TenantMembership tenantMembership) {
    new SessionSharing(rights, tenantMembership).transfer(command, caller.tenant());
  }

  @CommandHandler
  void rename(RenameSession command, Sealer sealer) {
    var title = new SessionSealer(sealer, id).text(SessionRenamed.class, "title", command.title());
    apply(new SessionRenamed(id, title)); // The old one is sealed and cannot be compared.
  }

  @CommandHandler
  void tag(TagSession command) {
    keeping.tag(id, command.tags());
  }

  @CommandHandler
  SetToolsResult set(
      SetTools command, MetaData metaData, Sealer sealer, McpServerRegistry servers) {
    keeping.requireAcceptsInput();
    return toolbox.set(
        command, servers, Provenance.of(metaData).tenant(), new SessionSealer(sealer, id));
  }

  @CommandHandler
  void pause(PauseSession command) {
    keeping.pause(id);
  }

  @CommandHandler
  void unpause(UnpauseSession command) {
    keeping.unpause(id);
    course().continueQueue();
    announce();
  }

  @CommandHandler
  void archive(ArchiveSession command) {
    keeping.archive(id, course().isBusy());
  }

  @CommandHandler
  void restore(RestoreSession command) {
    keeping.restore(id);
    course().continueQueue();
    announce();
  }

  @CommandHandler
  void close(CloseSession command) {
    keeping.close(id);
    course().stop();
    announce();
  }

  @CommandHandler
  void delete(DeleteSession command) {
    keeping.delete(id);
    course().stop();
    announce();
  }

  @CommandHandler
  void take(TakeCheckpoint command) {
    course().requireCurrentEpoch(command.epoch());
    checkpoints.record(command);
  }

  @CommandHandler
  void rewind(RewindFiles command) {
    keeping.requireAcceptsInput();
    checkpoints.rewind(command, course().isBusy());
  }

  @CommandHandler
  void change(ChangeFiles command, Sealer sealer) {
    keeping.requireAcceptsInput();
    var path = new SessionSealer(sealer, id).text(FilesChanged.class, "path", command.path());
    apply(new FilesChanged(id, command.act(), path));
  }

  void submitSideRequest(SubmitSideRequest request, OpenRuns runs, SessionSealer sealer) {
    keeping.requireAcceptsInput();
    if (SideRequests.needsModel(request.kind())) budget.requireBudgetLeft();
    asides.submit(request, runs, sealer);
  }

  @CommandHandler
  void record(RecordProcessReport command, Sealer sealer) {
    course().requireCurrentEpoch(command.epoch());
    asides.record(command.finding(), new SessionSealer(sealer, id));
  }

  @CommandHandler
  void expire(ExpireSideRequest command, Sealer sealer) {
    asides.fail(command.asideId(), FailureReason.EXPIRED, "", new SessionSealer(sealer, id));
  }

  @CommandHandler
  void expire(ExpireSession command) {
    if (isAtRestSince(command.sequence())) keeping.expire(id);
  }

  @CommandHandler
  void archiveIdle(ArchiveIdleSession command) {
    if (isAtRestSince(command.sequence())) keeping.archiveIdle(id);
  }

  private boolean isAtRestSince(long sequence) {
    return getVersion() + 1 == sequence && !course().isBusy();
  }

  @EventSourcingHandler
  void on(LifecycleEvent event, @Timestamp Instant at) {
    keeping.on(event, at);
    directories.on(event);
    toolbox.on(event);
  }

  @EventSourcingHandler
  void on(CheckpointTaken event, @SequenceNumber long number) {
    checkpoints.on(event, number + 1);
  }

  @EventSourcingHandler
  void on(FilesRewound event, @SequenceNumber long number) {
    checkpoints.on(event, number + 1);
  }

  @EventSourcingHandler
  void on(SideRequestEvent event) {
    asides.on(event);
  }

  @EventSourcingHandler
  void on(BudgetSet event) {
    budget.set(event.budget());
  }

  @EventSourcingHandler
  void on(SessionShared event) {
    rights = rights.with(event.audience(), event.access());
  }

  @EventSourcingHandler
  void on(SessionUnshared event) {
    rights = rights.with(event.audience(), null);
  }

  @EventSourcingHandler
  void on(SessionHandedOver event) {
    rights = rights.handedTo(event.to());
  }
}
