/** What every message is made of: ids, pages, money, JSON, rejections. */
@NullMarked
package io.agentledger.api.shared;

import org.jspecify.annotations.NullMarked;
