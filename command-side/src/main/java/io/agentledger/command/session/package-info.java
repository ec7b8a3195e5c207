/** Sessions: the aggregate, the jobs that execute its runs, and their deadlines. */
@NullMarked
package io.agentledger.command.session;

import org.jspecify.annotations.NullMarked;
