/** Logins: who is let in, for how long, and what is remembered of those who are not. */
@NullMarked
package io.agentledger.command.identity.login;

import org.jspecify.annotations.NullMarked;
