package io.agentledger.command.flow;

import io.agentledger.api.content.Content;
import io.agentledger.api.flow.FlowDefinition;
import io.agentledger.api.flow.FlowEvent.ApprovalRequested;
import io.agentledger.api.flow.FlowEvent.FlowApproved;
import io.agentledger.api.flow.FlowEvent.FlowStarted;
import io.agentledger.api.flow.FlowId;
import io.agentledger.api.flow.FlowOrigin;
import io.agentledger.api.flow.FlowRepository;
import io.agentledger.api.flow.FlowStep;
import io.agentledger.api.flow.ProviderConnection;
import io.agentledger.api.flow.RepositoryUrlPolicy;
import io.agentledger.api.flow.SourceProvider;
import io.agentledger.api.flow.SourceReference;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.WorkspaceRejection.WorkspaceRefused;
import io.agentledger.api.task.ExecutionCommand.TaskRef;
import io.agentledger.api.task.ExecutionOptions;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.api.task.ExecutionRequest;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.vault.SecretRef;
import io.agentledger.api.vault.VaultId;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.event.JsonMappers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Values for tests of flows. */
final class FlowFixtures {
  static final TenantId HOME = new TenantId("tnt_2222222222");
  static final UserId ADA = new UserId("usr_2222222222");
  static final FlowId FLOW = new FlowId("flw_2222222222");
  static final Instant UNTIL = Instant.parse("2030-01-01T00:00:00Z");
  static final Duration TIMEOUT = Duration.ofHours(1);
  static final ExecutionPrincipal PRINCIPAL =
      new ExecutionPrincipal(
          ADA, Set.of(Scope.SESSIONS_READ, Scope.SESSIONS_WRITE, Scope.VAULTS_WRITE), false);
  static final TaskRef PLAN = new TaskRef(new TaskId("tsk_2222222222"), 1, "Plan");
  static final TaskRef WORK = new TaskRef(new TaskId("tsk_3333333333"), 2, "Work");
  static final SourceReference SOURCE =
      new SourceReference(SourceProvider.GITHUB, "acme/app", "7", null);
  static final SecretRef SECRET = new SecretRef(new VaultId("vlt_2222222222"), "github");
  static final ProviderConnection CONNECTION =
      new ProviderConnection(SourceProvider.GITHUB, "", SECRET);
  static final FlowRepository REPOSITORY =
      new FlowRepository("https://example.com/acme/app.git", "main", "make test", CONNECTION, true);

  /** Permits URLs that begin with https. */
  static final RepositoryUrlPolicy HTTPS_ONLY =
      url -> {
        if (!url.startsWith("https:"))
          throw new RejectionException(new WorkspaceRefused("git_url", url));
      };

  static final Map<String, Object> HER = metadata(HOME, ADA, Role.MEMBER);
  static final Map<String, Object> HER_AS_ADMIN = metadata(HOME, ADA, Role.ADMIN);
  static final Map<String, Object> COLLEAGUE = metadata(HOME, UserId.next(), Role.MEMBER);
  static final UserId CHIEF = new UserId("usr_3333333333");
  static final Map<String, Object> ADMIN = metadata(HOME, CHIEF, Role.ADMIN);
  static final Map<String, Object> HER_AGENT = metadata(HOME, ADA, Role.AGENT);
  static final Map<String, Object> SERVICE =
      Provenance.ofSystem(HOME, "req_2222222222").asMetadata();

  private FlowFixtures() {}

  static Map<String, Object> metadata(TenantId tenant, UserId user, Role role) {
    return Caller.ofUser(tenant, user, CredentialId.next(), role).asMetadata("req_2222222222");
  }

  static FlowStep step(TaskRef task) {
    return new FlowStep(
        task,
        new ExecutionOptions(5, Duration.ofMinutes(10), 2, Duration.ofSeconds(10)),
        new ExecutionRequest(List.of(), new Json("{}"), "hello", Map.of()));
  }

  static FlowDefinition definition() {
    return new FlowDefinition(
        step(PLAN), step(WORK), true, TIMEOUT, SOURCE, CONNECTION, REPOSITORY);
  }

  static FlowDefinition workOnly() {
    return new FlowDefinition(null, step(WORK), false, TIMEOUT, null, null, null);
  }

  static FlowStarted started(FlowDefinition definition) {
    return started(definition, new FlowOrigin.Manual());
  }

  static FlowStarted started(FlowDefinition definition, FlowOrigin origin) {
    var source = definition.source();
    return new FlowStarted(
        FLOW,
        PRINCIPAL,
        origin,
        definition.plan() == null ? List.of() : List.of(PLAN),
        WORK,
        source == null
            ? ""
            : SourceReference.keyOf(HOME, source.provider(), source.project(), source.item()),
        definition.repository() != null,
        definition.approvalRequired(),
        definition.approvalTimeout(),
        sealed(
            JsonMappers.mapper().writerFor(FlowDefinition.class).writeValueAsString(definition)));
  }

  static ApprovalRequested approvalRequested() {
    return new ApprovalRequested(FLOW, sealed("the plan"), UNTIL);
  }

  static FlowApproved approved() {
    return new FlowApproved(FLOW, ADA, List.of(), Content.ABSENT);
  }

  static Content sealed(String text) {
    return new Content.Inline(FLOW.value(), text.getBytes(StandardCharsets.UTF_8));
  }

  /** Sealer whose content is the text itself. */
  static Sealer sealer() {
    return new Sealer() {
      @Override
      public Content seal(Id subject, Class<?> event, String field, String text) {
        return sealed(text);
      }

      @Override
      public String open(Id subject, Class<?> event, String field, Content content) {
        return content instanceof Content.Inline inline
            ? new String(inline.ciphertext(), StandardCharsets.UTF_8)
            : "";
      }
    };
  }
}
