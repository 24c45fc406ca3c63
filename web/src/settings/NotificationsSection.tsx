// SPDX-License-Identifier: MIT
import { t } from '../i18n/i18n';
import { allow, mayShow, permission, subject, SUBJECTS } from '../lib/notifications';
import { Check, Choice } from '../ui/Choice';

export function NotificationsSection() {
  const text = t().settings;
  const hint = {
    granted: text.desktopHint,
    default: text.desktopHint,
    denied: text.desktopDenied,
    unsupported: text.desktopUnsupported,
  };
  const isPossible = permission.value === 'granted' || permission.value === 'default';
  return (
    <>
      <p class="soft">{text.everywhere}</p>
      <Choice
        label={text.subject}
        options={SUBJECTS.map((name) => [name, text.subjects[name]] as const)}
        value={subject.value}
        onValue={(name) => subject.set(name)}
      />
      <Check
        label={text.desktop}
        hint={hint[permission.value]}
        checked={mayShow()}
        disabled={!isPossible}
        onChecked={(on) => void allow(on)}
      />
    </>
  );
}
