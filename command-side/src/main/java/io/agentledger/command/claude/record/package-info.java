/** What runs leave on the record of their session, and what is read from it again. */
@NullMarked
package io.agentledger.command.claude.record;

import org.jspecify.annotations.NullMarked;
