package io.agentledger.projection.ops;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tables of each projection, in alphabetical order; no table belongs to two. */
final class ProjectionTables {
  static final Map<String, List<String>> BY_PROJECTION =
      Map.ofEntries(
          entry("agent", List.of("agent_row", "agent_version_row")),
          entry("audit", List.of("audit_row", "audit_state")),
          entry("cost", List.of("cost_day_row", "cost_run_row", "cost_session_row")),
          entry(
              "environment",
              List.of("environment_default_row", "environment_row", "environment_version_row")),
          entry("flow", List.of("flow_row", "source_identity_row")),
          entry("hook", List.of("hook_execution_row", "hook_row")),
          entry(
              "identity",
              List.of("invitation_row", "key_row", "login_row", "tenant_row", "user_row")),
          entry("mcp", List.of("mcp_server_row")),
          entry(
              "permission",
              List.of("decision_row", "policy_row", "policy_version_row", "tool_group_row")),
          entry(
              "quota",
              List.of(
                  "quota_month_row",
                  "quota_reservation_row",
                  "quota_storage_row",
                  "quota_tenant_row",
                  "quota_user_row")),
          entry(
              "report",
              List.of(
                  "report_row",
                  "report_schedule_row",
                  "report_settings_row",
                  "report_template_row",
                  "report_template_version_row")),
          entry("search", List.of("search_document_row", "search_posting_row")),
          entry(
              "session",
              List.of(
                  "action_row",
                  "checkpoint_row",
                  "directory_row",
                  "message_row",
                  "run_row",
                  "session_hook_row",
                  "session_process_row",
                  "session_row",
                  "share_row",
                  "side_request_row",
                  "tool_call_row")),
          entry("subscription", List.of("subscription_row")),
          entry("task", List.of("execution_row", "task_row", "task_version_row")),
          entry("channel", List.of("channel_row", "channel_version_row")),
          entry("chat", List.of("chat_message_row", "chat_note_row", "chat_read_row", "chat_row")),
          entry("trigger", List.of("trigger_row", "trigger_version_row")),
          entry(
              "template",
              List.of(
                  "template_count_row",
                  "template_row",
                  "template_use_row",
                  "template_version_row")),
          entry("vault", List.of("secret_row", "vault_row")));

  /**
   * Indexes of the largest tables that only readers use, or event handlers rarely; a rebuild
   * creates them at its end, from all rows, which costs a fraction of adding each row to them.
   */
  static final Set<String> INDEXES_OF_READERS =
      Set.of(
          "audit_row_action",
          "audit_row_actor",
          "audit_row_changes",
          "audit_row_last_request",
          "audit_row_request",
          "audit_row_resource",
          "audit_row_resource_type",
          "audit_row_time",
          "message_row_message",
          "message_row_thread",
          "tool_call_row_order",
          "tool_call_row_tenant_called_at_tool_call_id_idx",
          "tool_call_row_thread");

  private ProjectionTables() {}
}
