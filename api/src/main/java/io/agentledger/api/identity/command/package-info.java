/** Commands about tenants, users, credentials and logins, and their results. */
@NullMarked
package io.agentledger.api.identity.command;

import org.jspecify.annotations.NullMarked;
