package io.agentledger.client.session;

import io.agentledger.api.session.AgentOverrides;
import io.agentledger.api.session.ExecutionMode;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SessionTools;
import io.agentledger.api.shared.Money;
import io.agentledger.api.template.TemplateId;
import io.agentledger.api.workspace.GitSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A session that is wished for; what is not said is the service's default, or its template's.
 *
 * @param filling what its workspace begins with; null is nothing
 * @param executor interactive or background, forked being for branches; null is as its mode has it
 * @param wishes how its runs are carried out, as far as they do not say so themselves
 * @param agent what its agent is and begins with
 * @param tools that it has beside the agent's own
 * @param directories seen beside its workspace: names of the operator's, or absolute paths, which
 *     are for the local owner
 * @param budget what it may spend in its life; null is any amount
 * @param template that it is opened from; null is none
 */
public record SessionDefinition(
    @Nullable String title,
    Map<String, String> metadata,
    @Nullable WorkspaceSource filling,
    @Nullable ExecutionMode executor,
    RunOverrides wishes,
    AgentOverrides agent,
    SessionTools tools,
    List<String> directories,
    @Nullable Money budget,
    @Nullable TemplateReference template) {
  /** An empty workspace and the service's defaults. */
  public static final SessionDefinition PLAIN =
      new SessionDefinition(null, Map.of(), null, RunOverrides.NONE);

  /** Where the first files of a workspace come from. */
  public sealed interface WorkspaceSource {
    /** A folder of the service's machine, copied; for the local owner. */
    record FolderCopy(Path path) implements WorkspaceSource {}

    /** A folder of the service's machine that is worked in, in place; for the local owner. */
    record FolderInPlace(Path path) implements WorkspaceSource {}

    /** A repository. */
    record GitRepository(GitSource source) implements WorkspaceSource {}
  }

  /** Which template, with these values for its variables. */
  public record TemplateReference(TemplateId id, Map<String, String> variables) {
    public TemplateReference {
      variables = Map.copyOf(variables);
    }
  }

  public SessionDefinition {
    metadata = Map.copyOf(metadata);
    directories = List.copyOf(directories);
  }

  /**
   * @param folder of the service's machine whose copy is the workspace; null is an empty workspace
   */
  public SessionDefinition(
      @Nullable String title,
      Map<String, String> metadata,
      @Nullable Path folder,
      RunOverrides wishes) {
    this(
        title,
        metadata,
        folder == null ? null : new WorkspaceSource.FolderCopy(folder),
        null,
        wishes,
        AgentOverrides.NONE,
        SessionTools.NONE,
        List.of(),
        null,
        null);
  }

  /** With a copy of that folder. */
  public SessionDefinition workspace(Path folder) {
    return filledWith(new WorkspaceSource.FolderCopy(folder));
  }

  public SessionDefinition filledWith(WorkspaceSource other) {
    return new SessionDefinition(
        title, metadata, other, executor, wishes, agent, tools, directories, budget, template);
  }

  public SessionDefinition titled(String other) {
    return new SessionDefinition(
        other, metadata, filling, executor, wishes, agent, tools, directories, budget, template);
  }

  public SessionDefinition executor(ExecutionMode other) {
    return new SessionDefinition(
        title, metadata, filling, other, wishes, agent, tools, directories, budget, template);
  }

  public SessionDefinition with(RunOverrides other) {
    return new SessionDefinition(
        title, metadata, filling, executor, other, agent, tools, directories, budget, template);
  }

  public SessionDefinition with(AgentOverrides other) {
    return new SessionDefinition(
        title, metadata, filling, executor, wishes, other, tools, directories, budget, template);
  }

  public SessionDefinition with(SessionTools other) {
    return new SessionDefinition(
        title, metadata, filling, executor, wishes, agent, other, directories, budget, template);
  }

  /** Which sees these directories beside its workspace, and no others. */
  public SessionDefinition additionalDirectories(String... others) {
    return new SessionDefinition(
        title,
        metadata,
        filling,
        executor,
        wishes,
        agent,
        tools,
        List.of(others),
        budget,
        template);
  }

  public SessionDefinition budget(Money other) {
    return new SessionDefinition(
        title, metadata, filling, executor, wishes, agent, tools, directories, other, template);
  }

  public SessionDefinition template(TemplateReference other) {
    return new SessionDefinition(
        title, metadata, filling, executor, wishes, agent, tools, directories, budget, other);
  }
}
