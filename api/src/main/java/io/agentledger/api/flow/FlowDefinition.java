package io.agentledger.api.flow;

import io.agentledger.api.vault.SecretRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Definition of a flow.
 *
 * @param plan step that makes the plan; null: the flow begins with the work
 * @param work step that does the work
 * @param approvalRequired whether a user must approve the plan; false without a plan
 * @param approvalTimeout time for the decision, after which the flow ends
 * @param source item that the replies go to; null: the flow does not reply
 * @param connection by which the flow replies; null without a source
 * @param repository where the changes are published; null: they stay in the session
 * @param commandPrefix in front of the commands of comments that decide about the plan; null: no
 *     comment decides
 */
public record FlowDefinition(
    @Nullable FlowStep plan,
    FlowStep work,
    boolean approvalRequired,
    Duration approvalTimeout,
    @Nullable SourceReference source,
    @Nullable ProviderConnection connection,
    @Nullable FlowRepository repository,
    @Nullable String commandPrefix) {
  public static final int APPROVAL_SECONDS_MIN = 10;
  public static final int APPROVAL_SECONDS_MAX = 30 * 86_400;
  public static final int APPROVAL_SECONDS_DEFAULT = 7 * 86_400;

  /** Creates the definition of a flow about whose plan no comment decides. */
  public FlowDefinition(
      @Nullable FlowStep plan,
      FlowStep work,
      boolean approvalRequired,
      Duration approvalTimeout,
      @Nullable SourceReference source,
      @Nullable ProviderConnection connection,
      @Nullable FlowRepository repository) {
    this(plan, work, approvalRequired, approvalTimeout, source, connection, repository, null);
  }

  /** Returns the secrets that the flow uses. */
  public List<SecretRef> credentials() {
    var secrets = new ArrayList<SecretRef>();
    if (connection != null) secrets.add(connection.credential());
    if (repository != null) secrets.add(repository.connection().credential());
    return secrets;
  }
}
