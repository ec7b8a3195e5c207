/** Logins, their refresh tokens, and the throttling and audit of refused sign-ins. */
@NullMarked
package io.agentledger.command.identity.login;

import org.jspecify.annotations.NullMarked;
