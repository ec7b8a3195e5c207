package io.agentledger.gateway.support.problem;

import io.agentledger.api.shared.ChannelRejection;
import io.agentledger.api.shared.EnvironmentRejection;
import io.agentledger.api.shared.FlowRejection;
import io.agentledger.api.shared.HookRejection;
import io.agentledger.api.shared.IdentityRejection;
import io.agentledger.api.shared.McpRejection;
import io.agentledger.api.shared.OpsRejection;
import io.agentledger.api.shared.PermissionRejection;
import io.agentledger.api.shared.QuotaRejection;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.ReportRejection;
import io.agentledger.api.shared.SessionRejection;
import io.agentledger.api.shared.SubscriptionRejection;
import io.agentledger.api.shared.TaskRejection;
import io.agentledger.api.shared.TriggerRejection;
import io.agentledger.api.shared.VaultRejection;
import io.agentledger.api.shared.WorkspaceRejection;
import org.springframework.http.HttpStatus;

/** HTTP status of each rejection. */
final class RejectionStatus {
  private RejectionStatus() {}

  /**
   * Returns the status of a rejection. The switch has no default, so that a new rejection does not
   * compile without a status.
   */
  static HttpStatus of(Rejection rejection) {
    return switch (rejection) {
      case Rejection.NotFound rejected -> HttpStatus.NOT_FOUND;
      case Rejection.Forbidden _, Rejection.InsufficientScope _ -> HttpStatus.FORBIDDEN;
      case Rejection.TooMany rejected -> HttpStatus.CONFLICT;
      case Rejection.NameTaken _, Rejection.AgentNameTaken _ -> HttpStatus.CONFLICT;
      case Rejection.InUse rejected -> HttpStatus.CONFLICT;
      case Rejection.AlreadyIssued rejected -> HttpStatus.CONFLICT;
      case Rejection.Busy rejected -> HttpStatus.TOO_MANY_REQUESTS;
      case Rejection.IdempotencyKeyReused rejected -> HttpStatus.UNPROCESSABLE_CONTENT;
      case Rejection.InvalidCursor rejected -> HttpStatus.BAD_REQUEST;
      case Rejection.Archived rejected -> HttpStatus.CONFLICT;
      case Rejection.VersionConflict rejected -> HttpStatus.PRECONDITION_FAILED;
      case SessionRejection.QueueFull rejected -> HttpStatus.CONFLICT;
      case SessionRejection.QueryNotQueued rejected -> HttpStatus.CONFLICT;
      case SessionRejection.TaskNotRunning rejected -> HttpStatus.CONFLICT;
      case SessionRejection.CallNotRunning rejected -> HttpStatus.CONFLICT;
      case SessionRejection.NoConversation rejected -> HttpStatus.CONFLICT;
      case SessionRejection.SideRequestFailed rejected -> HttpStatus.BAD_GATEWAY;
      case SessionRejection.PositionBeyondEnd rejected -> HttpStatus.BAD_REQUEST;
      case SessionRejection.SessionNotYetOpened rejected -> HttpStatus.BAD_REQUEST;
      case SessionRejection.SessionEnded rejected -> HttpStatus.CONFLICT;
      case SessionRejection.SessionExpired rejected -> HttpStatus.GONE;
      case SessionRejection.SessionBusy rejected -> HttpStatus.CONFLICT;
      case SessionRejection.ApprovalForbidden rejected -> HttpStatus.FORBIDDEN;
      case SessionRejection.AlreadyResolved rejected -> HttpStatus.CONFLICT;
      case SessionRejection.InputChanged rejected -> HttpStatus.CONFLICT;
      case SessionRejection.InvalidAnswer rejected -> HttpStatus.UNPROCESSABLE_CONTENT;
      case SessionRejection.ShareRefused rejected -> HttpStatus.UNPROCESSABLE_CONTENT;
      case SessionRejection.StaleEpoch rejected -> HttpStatus.CONFLICT;
      case SessionRejection.NotRunning rejected -> HttpStatus.CONFLICT;
      case SessionRejection.NothingRunning rejected -> HttpStatus.CONFLICT;
      case SessionRejection.AnswerTypeMismatch rejected -> HttpStatus.UNPROCESSABLE_CONTENT;
      case WorkspaceRejection.WorkspaceRefused rejected -> HttpStatus.UNPROCESSABLE_CONTENT;
      case WorkspaceRejection.DirectoryRefused rejected -> HttpStatus.BAD_REQUEST;
      case WorkspaceRejection.DirectoryNameTaken rejected -> HttpStatus.CONFLICT;
      case SessionRejection.HostDirectoryForbidden rejected -> HttpStatus.FORBIDDEN;
      case SessionRejection.SandboxNeeded rejected -> HttpStatus.FORBIDDEN;
      case WorkspaceRejection.FileChanged rejected -> HttpStatus.PRECONDITION_FAILED;
      case WorkspaceRejection.FileExists rejected -> HttpStatus.PRECONDITION_FAILED;
      case QuotaRejection.LimitReached rejected -> HttpStatus.TOO_MANY_REQUESTS;
      case QuotaRejection.BudgetExceeded rejected -> HttpStatus.PAYMENT_REQUIRED;
      case QuotaRejection.AboveCeiling rejected -> HttpStatus.UNPROCESSABLE_CONTENT;
      case QuotaRejection.StorageFull rejected -> HttpStatus.CONTENT_TOO_LARGE;
      case IdentityRejection.WrongCredentials rejected -> HttpStatus.UNAUTHORIZED;
      case IdentityRejection.LoginExpired rejected -> HttpStatus.UNAUTHORIZED;
      case IdentityRejection.TooManyAttempts rejected -> HttpStatus.TOO_MANY_REQUESTS;
      case IdentityRejection.RefreshSuperseded rejected -> HttpStatus.CONFLICT;
      case IdentityRejection.IdentityRefused rejected -> HttpStatus.CONFLICT;
      case IdentityRejection.RegistrationClosed rejected -> HttpStatus.FORBIDDEN;
      case IdentityRejection.SetupTokenRequired rejected -> HttpStatus.FORBIDDEN;
      case IdentityRejection.InvitationInvalid rejected -> HttpStatus.GONE;
      case ReportRejection.ReportNotCompleted rejected -> HttpStatus.CONFLICT;
      case SubscriptionRejection.SubscriptionRefused rejected -> HttpStatus.UNPROCESSABLE_CONTENT;
      case SubscriptionRejection.SubscriptionNotActive rejected -> HttpStatus.CONFLICT;
      case TaskRejection.SessionRequestInvalid rejected -> HttpStatus.UNPROCESSABLE_CONTENT;
      case TaskRejection.ExecutionNotEnded rejected -> HttpStatus.CONFLICT;
      case TaskRejection.ParentEnded rejected -> HttpStatus.CONFLICT;
      case TaskRejection.DelegationTooDeep rejected -> HttpStatus.CONFLICT;
      case TaskRejection.BudgetExhausted rejected -> HttpStatus.PAYMENT_REQUIRED;
      case TriggerRejection.WebhookRefused rejected -> HttpStatus.UNAUTHORIZED;
      case TriggerRejection.WebhookUnreadable rejected -> HttpStatus.BAD_REQUEST;
      case TriggerRejection.WebhookBacklogFull rejected -> HttpStatus.SERVICE_UNAVAILABLE;
      case TriggerRejection.AgentNotReadOnly rejected -> HttpStatus.UNPROCESSABLE_CONTENT;
      case TriggerRejection.DefaultTriggerTaken rejected -> HttpStatus.CONFLICT;
      case TriggerRejection.DeliveryPending rejected -> HttpStatus.CONFLICT;
      case TriggerRejection.ExecutionOfTrigger rejected -> HttpStatus.CONFLICT;
      case FlowRejection.FlowNotAwaitingApproval _, FlowRejection.FlowWithoutPlan _ ->
          HttpStatus.CONFLICT;
      case FlowRejection.FlowOpen _, FlowRejection.TooManyFlowsOfTrigger _ -> HttpStatus.CONFLICT;
      case ChannelRejection.ChatClosedAlready rejected -> HttpStatus.CONFLICT;
      case ChannelRejection.ChatTakenOverAlready rejected -> HttpStatus.CONFLICT;
      case ChannelRejection.ChatAgentNotActive rejected -> HttpStatus.CONFLICT;
      case ChannelRejection.ChatUserRequired rejected -> HttpStatus.FORBIDDEN;
      case ChannelRejection.AssigneeNotMember rejected -> HttpStatus.CONFLICT;
      case ChannelRejection.ChannelWithoutAgent rejected -> HttpStatus.CONFLICT;
      case ChannelRejection.OutsideWindow rejected -> HttpStatus.CONFLICT;
      case ChannelRejection.MessageNotSupported rejected -> HttpStatus.UNPROCESSABLE_CONTENT;
      case ChannelRejection.MessageBeingSent rejected -> HttpStatus.CONFLICT;
      case ChannelRejection.MessageNotPending rejected -> HttpStatus.CONFLICT;
      case ChannelRejection.MessageNotUnsent rejected -> HttpStatus.CONFLICT;
      case ChannelRejection.ChannelBacklogFull rejected -> HttpStatus.SERVICE_UNAVAILABLE;
      case ChannelRejection.ChatReaderBehind rejected -> HttpStatus.GONE;
      case ChannelRejection.VisitorRefused rejected -> HttpStatus.UNAUTHORIZED;
      case FlowRejection.DecisionOfAgent rejected -> HttpStatus.FORBIDDEN;
      case VaultRejection.VaultFull rejected -> HttpStatus.CONFLICT;
      case VaultRejection.SecretTargetMismatch rejected -> HttpStatus.CONFLICT;
      case VaultRejection.SecretTooLarge rejected -> HttpStatus.CONTENT_TOO_LARGE;
      case PermissionRejection.PolicyRefused rejected -> HttpStatus.UNPROCESSABLE_CONTENT;
      case EnvironmentRejection.EnvironmentRefused rejected -> HttpStatus.UNPROCESSABLE_CONTENT;
      case EnvironmentRejection.DefaultEnvironmentRequired rejected -> HttpStatus.CONFLICT;
      case HookRejection.HookRefused rejected -> HttpStatus.UNPROCESSABLE_CONTENT;
      case McpRejection.McpDefinitionForbidden rejected -> HttpStatus.FORBIDDEN;
      case McpRejection.McpServerUnusable rejected -> HttpStatus.UNPROCESSABLE_CONTENT;
      case McpRejection.McpSnapshotMismatch rejected -> HttpStatus.CONFLICT;
      case OpsRejection.ProjectionRebuilding rejected -> HttpStatus.SERVICE_UNAVAILABLE;
      case OpsRejection.RebuildUnderway rejected -> HttpStatus.CONFLICT;
      case OpsRejection.RebuildNotFound rejected -> HttpStatus.NOT_FOUND;
      case OpsRejection.RebuildNotRunning rejected -> HttpStatus.CONFLICT;
      case OpsRejection.RotationUnderway rejected -> HttpStatus.CONFLICT;
      case OpsRejection.NoOtherMasterKey rejected -> HttpStatus.CONFLICT;
      case OpsRejection.MasterKeyInUse rejected -> HttpStatus.CONFLICT;
    };
  }
}
