package io.agentledger.command.task;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.task.TaskEvent.TaskArchived;
import io.agentledger.api.task.TaskEvent.TaskCreated;
import io.agentledger.command.support.LookupTable;
import java.util.Map;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Table of the tasks that are not archived, updated in the transaction of the events. */
@ProcessingGroup(TaskLookupTable.GROUP)
class TaskLookupTable extends LookupTable {
  static final String GROUP = "task-lookup";

  TaskLookupTable(JdbcClient sql) {
    super(sql, "task_lookup", "task_id");
  }

  @EventHandler
  void on(TaskCreated event, TenantId tenant) {
    insert(event.taskId(), tenant, Map.of("owner", event.ownerId().value()));
  }

  /** Returns the number of tasks of a tenant that are not archived. */
  int count(TenantId tenant) {
    return countOf(tenant);
  }

  @EventHandler
  void on(TaskArchived event) {
    remove(event.taskId());
  }
}
