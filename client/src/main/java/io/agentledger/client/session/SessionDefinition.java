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
 * Defines a session to open; what is null or empty is the service's default, or its template's.
 *
 * @param workspaceSource where the first files of its workspace come from; null is nothing
 * @param executor null: by its permission mode
 * @param runOverrides defaults of its runs
 * @param agentOverrides of its agent
 * @param tools beside the agent's own
 * @param additionalDirectories beside its workspace: names that the operator configured, or
 *     absolute paths (local owner only)
 * @param budget for its whole life; null is unlimited
 * @param template that it is opened from; null is none
 */
public record SessionDefinition(
    @Nullable String title,
    Map<String, String> metadata,
    @Nullable WorkspaceSource workspaceSource,
    @Nullable ExecutionMode executor,
    RunOverrides runOverrides,
    AgentOverrides agentOverrides,
    SessionTools tools,
    List<String> additionalDirectories,
    @Nullable Money budget,
    @Nullable TemplateReference template) {
  /** An empty workspace and the service's defaults. */
  public static final SessionDefinition DEFAULT =
      new SessionDefinition(null, Map.of(), null, RunOverrides.NONE);

  /** The source of the first files of a workspace. */
  public sealed interface WorkspaceSource {
    /** A copy of a folder of the service's machine (local owner only). */
    record FolderCopy(Path path) implements WorkspaceSource {}

    /** A folder of the service's machine that the agent works in (local owner only). */
    record FolderInPlace(Path path) implements WorkspaceSource {}

    /** A git repository. */
    record GitRepository(GitSource source) implements WorkspaceSource {}
  }

  /** A template with values for its variables. */
  public record TemplateReference(TemplateId id, Map<String, String> variables) {
    public TemplateReference {
      variables = Map.copyOf(variables);
    }
  }

  public SessionDefinition {
    metadata = Map.copyOf(metadata);
    additionalDirectories = List.copyOf(additionalDirectories);
  }

  /**
   * @param folder of the service's machine whose copy is the workspace; null is an empty workspace
   */
  public SessionDefinition(
      @Nullable String title,
      Map<String, String> metadata,
      @Nullable Path folder,
      RunOverrides overrides) {
    this(
        title,
        metadata,
        folder == null ? null : new WorkspaceSource.FolderCopy(folder),
        null,
        overrides,
        AgentOverrides.NONE,
        SessionTools.NONE,
        List.of(),
        null,
        null);
  }

  /** With a copy of the folder as its workspace. */
  public SessionDefinition workspace(Path folder) {
    return withWorkspaceSource(new WorkspaceSource.FolderCopy(folder));
  }

  public SessionDefinition withWorkspaceSource(WorkspaceSource workspace) {
    return new SessionDefinition(
        title,
        metadata,
        workspace,
        executor,
        runOverrides,
        agentOverrides,
        tools,
        additionalDirectories,
        budget,
        template);
  }

  public SessionDefinition withTitle(String newTitle) {
    return new SessionDefinition(
        newTitle,
        metadata,
        workspaceSource,
        executor,
        runOverrides,
        agentOverrides,
        tools,
        additionalDirectories,
        budget,
        template);
  }

  public SessionDefinition executor(ExecutionMode executionMode) {
    return new SessionDefinition(
        title,
        metadata,
        workspaceSource,
        executionMode,
        runOverrides,
        agentOverrides,
        tools,
        additionalDirectories,
        budget,
        template);
  }

  public SessionDefinition with(RunOverrides overrides) {
    return new SessionDefinition(
        title,
        metadata,
        workspaceSource,
        executor,
        overrides,
        agentOverrides,
        tools,
        additionalDirectories,
        budget,
        template);
  }

  public SessionDefinition with(AgentOverrides overrides) {
    return new SessionDefinition(
        title,
        metadata,
        workspaceSource,
        executor,
        runOverrides,
        overrides,
        tools,
        additionalDirectories,
        budget,
        template);
  }

  public SessionDefinition with(SessionTools sessionTools) {
    return new SessionDefinition(
        title,
        metadata,
        workspaceSource,
        executor,
        runOverrides,
        agentOverrides,
        sessionTools,
        additionalDirectories,
        budget,
        template);
  }

  /** With these directories beside its workspace. */
  public SessionDefinition additionalDirectories(String... directories) {
    return new SessionDefinition(
        title,
        metadata,
        workspaceSource,
        executor,
        runOverrides,
        agentOverrides,
        tools,
        List.of(directories),
        budget,
        template);
  }

  public SessionDefinition budget(Money limit) {
    return new SessionDefinition(
        title,
        metadata,
        workspaceSource,
        executor,
        runOverrides,
        agentOverrides,
        tools,
        additionalDirectories,
        limit,
        template);
  }

  public SessionDefinition template(TemplateReference reference) {
    return new SessionDefinition(
        title,
        metadata,
        workspaceSource,
        executor,
        runOverrides,
        agentOverrides,
        tools,
        additionalDirectories,
        budget,
        reference);
  }
}
